import type { ProblemSlug } from "@tcm/core";

/** What a problem means, and what to do about it. Documentation is written from here alone. */
export type ProblemGuide = { readonly meaning: string; readonly remedy: string };

export const problemGuide: Readonly<Record<ProblemSlug, ProblemGuide>> = {
  "invalid-json": guide(
    "The body is not well-formed JSON, is not in UTF-8, or one of its objects has a member twice.",
    "Send one JSON document in UTF-8, each member once.",
  ),
  "json-schema-validation-error": guide(
    "The body is JSON, but a member is missing, unknown or of the wrong type. `pointer` names it.",
    "Correct the member. Unknown members are refused, so that a misspelled option is never ignored.",
  ),
  "invalid-field": guide(
    "A value is not one of those allowed. `contextInfo` has the parameter and the value.",
    "Send one of the values that the reference lists.",
  ),
  "unknown-query-parameters": guide(
    "The query has a parameter that the endpoint does not know.",
    "Leave it out; `contextInfo.allowedQueryParameters` lists those that there are.",
  ),
  "missing-required-query-parameter": guide(
    "A query parameter is needed that was not sent, or that another one needs beside it.",
    "Add the parameter that `contextInfo.parameterName` names.",
  ),
  "path-variable-query-param-type-mismatch": guide(
    "A part of the path is not of the right form; ids are decimal numbers.",
    "Take the path from a link of an earlier answer.",
  ),
  "missing-caset-version": guide(
    "A CA set was to be cloned that has no version.",
    "Create a version first, or create the new set by itself.",
  ),
  "no-active-cert-deletions": guide(
    "The status of a deletion was asked for, and nobody ever asked to delete the CA set.",
    "Delete the set first.",
  ),
  "ca-set-name-validation-failure": guide(
    "The name of the CA set is too short, too long, or has characters that are not allowed.",
    "Use 3 to 64 of A-Z a-z 0-9 _ - . % and never three full stops in a row.",
  ),
  "certificate-validation-failure": guide(
    "Certificates did not pass validation. `errors` has one item for each fault, with its pointer.",
    "Work through the items; each says what to do. Nothing was written.",
  ),
  "certificate-validation-failure-create": guide(
    "The version was not created, because certificates did not pass validation.",
    "Work through `errors`; each item says what to do.",
  ),
  "certificate-validation-failure-update": guide(
    "The version was not changed, because certificates did not pass validation.",
    "Work through `errors`; the version is as it was.",
  ),
  "certificate-validation-failure-activate": guide(
    "The version was not activated: what was valid when it was made is not any more, such as a certificate that has expired.",
    "Clone the version, replace the certificates that `errors` names, and activate the clone.",
  ),
  unauthorized: guide("Nobody is signed in, or the credential is not known.", "Send a valid credential."),
  forbidden: guide(
    "Who is signed in may not do this, or the request comes from another web page or names another account.",
    "Ask somebody with the role that `detail` names.",
  ),
  "ca-set-not-found": guide("There is no CA set of that id; a deleted one is removed after 30 days.", "List the sets."),
  "ca-set-version-not-found": guide(
    "The CA set has no version of that number, or it is deleted and can only be looked at.",
    "List the versions of the set.",
  ),
  "activation-or-deactivation-request-not-found": guide(
    "The version has no activation of that number.",
    "List the activations of the version.",
  ),
  "edge-certificate-not-found": guide("There is no edge certificate of that number.", "List the edge certificates."),
  "edge-node-of-other-network": guide(
    "A node never changes its network: what it may read depends on it.",
    "Remove the node first, or give the new one another name.",
  ),
  "edge-node-not-found": guide("No edge node of that id is enrolled.", "List the edge nodes."),
  "resource-not-found": guide(
    "There is nothing at this address.",
    "See the reference for the addresses that there are.",
  ),
  "activation-node-not-found": guide(
    "The node is none of those that the activation expects.",
    "List the nodes of the activation.",
  ),
  "method-not-allowed": guide(
    "The address exists, and does not answer to this method.",
    "Use one of the methods in the header Allow.",
  ),
  "media-type-not-acceptable": guide(
    "The answer does not come in any of the media types that Accept names.",
    "Name the one in `contextInfo.allowedMediaTypes`, or leave Accept out.",
  ),
  "media-type-not-supported": guide(
    "The body is not declared as JSON, or is compressed.",
    "Send Content-Type: application/json, and no Content-Encoding.",
  ),
  "ca-set-name-is-not-unique": guide("A CA set that is not deleted has the name already.", "Choose another name."),
  "ca-set-name-is-frozen": guide(
    "A version of the CA set was deployed: nodes, logs and people know it by its name.",
    "Clone the set under another name.",
  ),
  "delete-ca-set-request-in-progress": guide(
    "The CA set is being deleted, or is deleted, and nothing about it changes any more.",
    "Follow `contextInfo.deletionLink`; use another set.",
  ),
  "ca-set-cannot-be-deleted-active-versions": guide(
    "A version of the CA set is active. `contextInfo` links it.",
    "Deactivate it on each network first.",
  ),
  "ca-set-cannot-be-deleted-in-progress-version-activations": guide(
    "An activation or deactivation of the CA set is under way. `contextInfo` links it.",
    "Wait for it, or cancel it.",
  ),
  "ca-set-version-already-active-on-network": guide(
    "The version is active there already, and its last deployment there is complete.",
    "There is nothing to do. One that failed can be deployed again.",
  ),
  "ca-set-version-not-active-on-network": guide(
    "The version, or any version, is not active there.",
    "See which one is; activate one first.",
  ),
  "another-activation-request-in-progress-in-the-ca-set": guide(
    "Another version of the CA set is being activated on the network. `contextInfo.activationLink` is it.",
    "Wait for it, cancel it, or roll back to the version before it.",
  ),
  "another-deactivation-request-in-progress-in-the-ca-set": guide(
    "The CA set is being deactivated on the network. `contextInfo.activationLink` is it.",
    "Wait for it, or cancel it.",
  ),
  "ca-set-in-use-by-enrollments": guide(
    "Edge certificates let their clients be decided by the CA set. `contextInfo.associations` lists them.",
    "Bind them to another set or delete them first.",
  ),
  "ca-set-not-on-both-networks": guide(
    "An edge certificate can use a CA set only once it is active on both networks.",
    "Activate a version on the networks that `contextInfo.missingNetworks` lists.",
  ),
  "hostname-already-bound": guide(
    "A hostname belongs to one edge certificate, and this one does already.",
    "Take it out of the other edge certificate first.",
  ),
  "confirmation-required": guide(
    "The change would guard hostnames less than before: it unbinds them, or lets clients in without an accepted certificate. `contextInfo.openings` lists them; nothing was changed.",
    "Repeat the request with the query confirm=true if that is meant. It raises an alarm: in the audit record, the events, the log and the metrics.",
  ),
  "activation-already-ended": guide("The activation has ended and cannot change.", "Begin another one."),
  "precondition-failed": guide(
    "Somebody changed it since you read it.",
    "Read it again, look at what is different, and repeat the request with the new ETag if it is still meant. Nothing was done.",
  ),
  "payload-too-large": guide("The body is larger than any valid one. Nothing of it was read.", "Send less."),
  "misdirected-request": guide(
    "The host name of the request is none of this server's.",
    "Use the address that the server printed at its start.",
  ),
  "ca-set-limit-reached": guide("There are as many CA sets as are allowed.", "Delete sets that are not used."),
  "ca-set-version-limit-reached": guide(
    "The CA set has as many versions as are allowed.",
    "Delete versions that are not needed.",
  ),
  "certificate-limit-reached": guide(
    "More certificates were sent than a version holds.",
    "Leave out what is not needed, or use two sets.",
  ),
  "duplicate-ca-set-version": guide(
    "A version of the CA set has the same certificates and options. `contextInfo.versionLink` is it.",
    "Use that version.",
  ),
  "ca-set-version-is-active": guide(
    "The version is active, or on its way to or from a network, and never changes.",
    "Clone it and edit the clone; deactivate it before you delete it.",
  ),
  "ca-set-version-was-previously-active": guide(
    "The version was activated once, and never changes again: nodes may hold it.",
    "Clone it and edit the clone.",
  ),
  "revocation-not-available": guide(
    "An edge certificate was to have the revocation of its clients checked. Edges of this version do not, and to accept it would promise what nobody does.",
    "Leave `revocation` at off. Until a later version checks revocation lists, take a CA whose clients are not to be let in out of the set.",
  ),
  "rate-limit-exceeded": guide(
    "More requests came within a minute than one actor may send.",
    "Wait until `rateLimitNext`.",
  ),
  "password-not-acceptable": guide(
    "The new password is too short, too long, or one that is tried first.",
    "Take 12 to 256 characters of any kind; several words in a row are easy to remember.",
  ),
  "sign-in-link-not-valid": guide(
    "The one-time link was used, is older than 15 minutes, or an administrator exists already.",
    "Sign in, or start the control plane again for a new link as long as there is no administrator.",
  ),
  "sign-in-limit-reached": guide(
    "Too many sign-ins were refused, of this account or from this address.",
    "Wait until the time in Retry-After.",
  ),
  "tls-required": guide(
    "The request was signed with EdgeGrid and came without TLS. The signature does not cover the body of a PUT.",
    "Start the control plane with a certificate, and use its https address.",
  ),
  "user-not-found": guide("There is no user of that id.", "List the users."),
  "user-name-is-not-unique": guide("Another user has that name, disabled ones included.", "Choose another name."),
  "last-admin": guide("The change would leave nobody who administers.", "Make somebody else an administrator first."),
  "token-not-found": guide("There is no token of that id.", "List the tokens."),
  "api-client-not-found": guide("There is no API client of that id.", "List the API clients."),
  "internal-error": guide(
    "Something went wrong here. `contextInfo.requestId` finds it in the log.",
    "Try again; if it stays, tell whoever runs the server.",
  ),
  "service-busy": guide(
    "More work is waiting than can be done soon. Nothing was changed.",
    "Try again after the time in Retry-After.",
  ),
  "store-not-writable": guide(
    "The store takes no writes: its disk is full or broken, or it may not be written. Nothing was changed; reads go on, and edges serve what they have.",
    "Free space, or make the data directory or the database writable again; no restart is needed. `/readyz` says when it is, and the log has the cause under `contextInfo.requestId`.",
  ),
  "store-not-available": guide(
    "The store did not answer: the database is away, or its connection broke. A change that was under way may have been made or not, and never by half; edges serve what they have.",
    "Try again after the time in Retry-After, and read before you repeat a change. If it stays, see to the database; no restart is needed.",
  ),
  "store-damaged": guide(
    "Pages of the store contradict each other: the disk lost or changed some of it, or something wrote it past the product. What else is damaged is not known; edges serve what they have.",
    "Change nothing more. Whoever runs the server stops the control plane, keeps a copy of the data directory, and restores the last backup: the runbook *The store is damaged*.",
  ),
};

function guide(meaning: string, remedy: string): ProblemGuide {
  return { meaning, remedy };
}

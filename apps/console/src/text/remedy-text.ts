import { problemGuide } from "@tcm/api-contract";
import type { ProblemSlug } from "@tcm/core";
import { networkName } from "./network-name.ts";
import { waitText } from "./time-text.ts";

type Facts = Readonly<Record<string, unknown>>;
type Remedy = string | ((facts: Facts, nowMs: number) => string);

const reload = "Reload the page: it and the server do not fit together, as after an upgrade.";
const correctValue = "Correct the value that is named, and try again.";
const worksThrough = "Work through the items; each says what to do. Nothing was changed.";

/**
 * What to do, where the guide of the API tells it to who sends requests: here the page sends them, and a person has buttons. All other
 * problems have the guide's words.
 */
const inTheConsole: Readonly<Partial<Record<ProblemSlug, Remedy>>> = {
  "invalid-json": reload,
  "unknown-query-parameters": reload,
  "missing-required-query-parameter": reload,
  "path-variable-query-param-type-mismatch":
    "The address is not one of this console. Take the page from the navigation.",
  "media-type-not-acceptable": reload,
  "media-type-not-supported": reload,
  "method-not-allowed": reload,
  "json-schema-validation-error": correctValue,
  "invalid-field": correctValue,
  "certificate-validation-failure-create": worksThrough,
  "certificate-validation-failure-update": worksThrough,
  "certificate-validation-failure-activate":
    "Clone the version, replace the certificates that the items name, and deploy the clone.",
  unauthorized: "Sign in with your name and your password. An administrator can give you a new password.",
  forbidden: ({ rolesAllowed }) =>
    Array.isArray(rolesAllowed) && rolesAllowed.length > 0
      ? `Ask somebody who may: ${rolesAllowed.join(", ")}.`
      : "Ask an administrator.",
  "ca-set-not-found": "Look for it under Certificate sets.",
  "ca-set-version-not-found": "Look for it among the versions of the set.",
  "activation-or-deactivation-request-not-found": "Look for it among the deployments of the set.",
  "activation-node-not-found": "Look for it among the nodes of the deployment.",
  "edge-certificate-not-found": "Look for it under Edge certificates.",
  "edge-node-not-found": "Look for it under Edge nodes.",
  "resource-not-found": "Take the page from the navigation: the link may be old.",
  "user-not-found": "Look for the person under Users.",
  "token-not-found": "Look for it under API clients and tokens: it may be revoked already.",
  "api-client-not-found": "Look for it under API clients and tokens: it may be revoked already.",
  "no-active-cert-deletions": "Look for the set under Certificate sets.",
  "delete-ca-set-request-in-progress": "Use another set. The page of this one shows how far its deletion is.",
  "ca-set-cannot-be-deleted-active-versions": "Withdraw it from each network on its page, and delete it then.",
  "ca-set-version-not-active-on-network":
    "Look at the set's page for what each network serves, and deploy a version first.",
  "ca-set-version-is-active": "Clone it and edit the clone; withdraw it before you delete it.",
  "ca-set-not-on-both-networks": ({ missingNetworks }) =>
    `Deploy a version of the set to ${networksText(missingNetworks)} first.`,
  "confirmation-required":
    "Confirm it if that is meant. It raises an alarm: in the audit record, the events, the log and the metrics.",
  "precondition-failed": "Reload the page, look at what is different, and make your change again.",
  "payload-too-large": "Hand in fewer certificates, or smaller files.",
  "revocation-not-available":
    "Leave revocation off. Until a later version checks revocation lists, take a CA whose clients are not to be let in out of the set.",
  "rate-limit-exceeded": ({ rateLimitNext }, nowMs) => waitText(rateLimitNext, nowMs),
  "sign-in-limit-reached": ({ retryAfter }, nowMs) => waitText(retryAfter, nowMs),
  "service-busy": ({ retryAfter }, nowMs) => waitText(retryAfter, nowMs),
  "store-not-writable":
    "Free space, or make the database writable again; no restart is needed. Until then edges serve what they have.",
  "store-not-available": "Try again in a few seconds, and look what is there first. If it stays, see to the database.",
  "store-damaged":
    "Change nothing more, and tell whoever runs the server at once: a backup has to be restored. Edges serve what they have.",
  "internal-error": ({ requestId }) =>
    `Try again; if it stays, tell whoever runs the server${typeof requestId === "string" ? `: request ${requestId}` : ""}.`,
};

/** What a person in front of the console does about a problem; undefined for one that this console does not know. Pure. */
export function remedyText(code: string, facts: Facts, nowMs: number): string | undefined {
  if (!isSlug(code)) return undefined;
  const remedy = inTheConsole[code] ?? problemGuide[code].remedy;
  return typeof remedy === "string" ? remedy : remedy(facts, nowMs);
}

function isSlug(code: string): code is ProblemSlug {
  return Object.hasOwn(problemGuide, code);
}

function networksText(missing: unknown): string {
  const named = Array.isArray(missing) ? missing : [];
  const names = Object.entries(networkName).flatMap(([network, name]) => (named.includes(network) ? [name] : []));
  return names.length === 0 ? "both networks" : names.join(" and ");
}

/** Every problem type of the API: HTTP status and short title. The slugs of mETS v2 keep their names and statuses. */
export const problemCatalogue = {
  "invalid-json": { status: 400, title: "Body is not JSON" },
  "json-schema-validation-error": { status: 400, title: "Body does not fit the schema" },
  "invalid-field": { status: 400, title: "Invalid value" },
  "unknown-query-parameters": { status: 400, title: "Unknown query parameter" },
  "missing-required-query-parameter": { status: 400, title: "Query parameter missing" },
  "path-variable-query-param-type-mismatch": { status: 400, title: "Value of the wrong type" },
  "missing-caset-version": { status: 400, title: "CA set has no version" },
  "no-active-cert-deletions": { status: 400, title: "No deletion was asked for" },
  "ca-set-name-validation-failure": { status: 400, title: "Invalid CA set name" },
  "certificate-validation-failure": { status: 400, title: "Certificates did not pass validation" },
  "certificate-validation-failure-create": {
    status: 400,
    title: "Version not created: certificates did not pass validation",
  },
  "certificate-validation-failure-update": {
    status: 400,
    title: "Version not changed: certificates did not pass validation",
  },
  "certificate-validation-failure-activate": {
    status: 400,
    title: "Version not activated: certificates did not pass validation",
  },
  "password-not-acceptable": { status: 400, title: "Password not acceptable" },
  unauthorized: { status: 401, title: "Not signed in" },
  forbidden: { status: 403, title: "Not allowed" },
  "sign-in-link-not-valid": { status: 403, title: "Sign-in link not valid" },
  "tls-required": { status: 403, title: "TLS required" },
  "ca-set-not-found": { status: 404, title: "CA set not found" },
  "ca-set-version-not-found": { status: 404, title: "Version not found" },
  "activation-or-deactivation-request-not-found": { status: 404, title: "Activation not found" },
  "edge-certificate-not-found": { status: 404, title: "Edge certificate not found" },
  "edge-node-not-found": { status: 404, title: "Edge node not found" },
  "user-not-found": { status: 404, title: "User not found" },
  "token-not-found": { status: 404, title: "Token not found" },
  "api-client-not-found": { status: 404, title: "API client not found" },
  "resource-not-found": { status: 404, title: "No such resource" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "media-type-not-acceptable": { status: 406, title: "Media type not acceptable" },
  "ca-set-name-is-not-unique": { status: 409, title: "CA set name already in use" },
  "ca-set-name-is-frozen": { status: 409, title: "CA set name can no longer change" },
  "delete-ca-set-request-in-progress": { status: 409, title: "CA set is being deleted" },
  "ca-set-cannot-be-deleted-active-versions": { status: 409, title: "CA set has active versions" },
  "ca-set-cannot-be-deleted-in-progress-version-activations": {
    status: 409,
    title: "Versions of the CA set are on their way",
  },
  "ca-set-version-already-active-on-network": { status: 409, title: "Version is already active" },
  "ca-set-version-not-active-on-network": { status: 409, title: "Version is not active" },
  "another-activation-request-in-progress-in-the-ca-set": { status: 409, title: "Another activation is in progress" },
  "another-deactivation-request-in-progress-in-the-ca-set": {
    status: 409,
    title: "Another deactivation is in progress",
  },
  "ca-set-in-use-by-enrollments": { status: 409, title: "CA set is in use" },
  "ca-set-not-on-both-networks": { status: 409, title: "CA set is not active on both networks" },
  "edge-node-of-other-network": { status: 409, title: "Edge node belongs to the other network" },
  "hostname-already-bound": { status: 409, title: "Hostname belongs to another edge certificate" },
  "confirmation-required": { status: 409, title: "Trust would be opened" },
  "user-name-is-not-unique": { status: 409, title: "User name already in use" },
  "last-admin": { status: 409, title: "Nobody else administers" },
  "activation-already-ended": { status: 409, title: "Activation has already ended" },
  "activation-node-not-found": { status: 404, title: "Node not part of the activation" },
  "precondition-failed": { status: 412, title: "Changed in the meantime" },
  "payload-too-large": { status: 413, title: "Body too large" },
  "media-type-not-supported": { status: 415, title: "Media type not supported" },
  "misdirected-request": { status: 421, title: "Host not served here" },
  "ca-set-limit-reached": { status: 422, title: "Too many CA sets" },
  "ca-set-version-limit-reached": { status: 422, title: "Too many versions" },
  "certificate-limit-reached": { status: 422, title: "Too many certificates" },
  "duplicate-ca-set-version": { status: 422, title: "An equal version exists" },
  "ca-set-version-is-active": { status: 422, title: "Version is active" },
  "ca-set-version-was-previously-active": { status: 422, title: "Version was active before" },
  "revocation-not-available": { status: 422, title: "Revocation is not checked by this version" },
  "rate-limit-exceeded": { status: 429, title: "Too many requests" },
  "sign-in-limit-reached": { status: 429, title: "Too many refused sign-ins" },
  "internal-error": { status: 500, title: "Internal error" },
  "service-busy": { status: 503, title: "Too much work at once" },
  "store-not-writable": { status: 503, title: "Store takes no writes" },
  "store-not-available": { status: 503, title: "Store does not answer" },
  "store-damaged": { status: 503, title: "Store is damaged" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemSlug = keyof typeof problemCatalogue;

/** A refusal as a value, RFC 9457: which problem, what happened and what to do, and the facts for programs. */
export type Problem = {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly contextInfo?: Readonly<Record<string, unknown>>;
  /** JSON pointer into the request body. */
  readonly pointer?: string;
  readonly errors?: readonly ProblemItem[];
};

/** One part of a problem, or one warning: `type` is a finding code or a problem slug. */
export type ProblemItem = {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly contextInfo?: Readonly<Record<string, unknown>>;
};

/** What every operation answers. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

import type { FindingCode } from "./finding-code.ts";
import type { Severity } from "./finding.ts";
import type { Occasion } from "./rule.ts";

type Row = Readonly<Record<Occasion, Severity | undefined>>;

const upload = (severity: Severity): Omit<Row, "deploy" | "clone"> => ({
  create: severity,
  update: severity,
  validate: severity,
});
const onUploadOnly: Row = { ...upload("error"), deploy: undefined, clone: undefined };
const adviceOnUpload: Row = { ...upload("advice"), deploy: undefined, clone: undefined };

/** The table "Validation of uploads" of the specification. Undefined: not looked at on that occasion. */
const severities: Readonly<Record<Exclude<FindingCode, `profile-${string}`>, Row>> = {
  "malformed-certificate": onUploadOnly,
  "unexpected-pem-block": onUploadOnly,
  "several-certificates": onUploadOnly,
  "not-a-ca-certificate": onUploadOnly,
  "key-usage-not-cert-sign": onUploadOnly,
  "same-common-name": onUploadOnly,
  "broken-chain": onUploadOnly,
  "certificate-limit-reached": onUploadOnly,
  "legacy-v1-root": adviceOnUpload,
  "expired-certificate": { ...upload("error"), deploy: "error", clone: "warning" },
  "not-yet-valid-certificate": { ...upload("error"), deploy: "error", clone: "warning" },
  "expiring-certificate": { ...upload("advice"), deploy: "advice", clone: "advice" },
  "insecure-signature-algorithm": { ...upload("error"), deploy: "error", clone: undefined },
  "weak-key": { ...upload("error"), deploy: "error", clone: undefined },
  "duplicate-certificate": { ...upload("warning"), deploy: undefined, clone: undefined },
  "issuer-not-in-set": { ...upload("error"), deploy: "error", clone: "warning" },
  "constraint-conflict": { ...upload("advice"), deploy: "advice", clone: undefined },
  "ca-list-too-large": { ...upload("advice"), deploy: "error", clone: undefined },
};

/**
 * What a finding means on an occasion. A version that was active on the network before may come back although a member has
 * run out since: a roll back must work at three in the morning, and the edge refuses the expired member's clients anyway.
 */
export function severityOf(code: FindingCode, occasion: Occasion, wasActiveBefore: boolean): Severity | undefined {
  const row = isProfile(code) ? adviceOnUpload : severities[code];
  const isDate = code === "expired-certificate" || code === "not-yet-valid-certificate";
  return isDate && occasion === "deploy" && wasActiveBefore ? "warning" : row[occasion];
}

function isProfile(code: FindingCode): code is Extract<FindingCode, `profile-${string}`> {
  return code.startsWith("profile-");
}

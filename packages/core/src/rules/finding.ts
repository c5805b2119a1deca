import type { FindingCode } from "./finding-code.ts";

/** E refuses; W is stored with a warning; A is advice. Spec: validation of uploads. */
export type Severity = "error" | "warning" | "advice";

/** One thing found about a submitted certificate or about the set, with what a program needs to act on it. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Where in the submission: zero-based index of the certificate; undefined when the finding is about the set. */
  readonly index: number | undefined;
  /** Of the certificate it is about, where it could be parsed. Subject as RFC 4514-like text, most specific first. */
  readonly subject: string | undefined;
  readonly fingerprint: string | undefined;
  /** Typed facts: expected and actual values, offsets, other members involved. JSON-safe. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The document and section that decides, such as "RFC 5280 §4.2.1.9". */
  readonly cites: string;
};

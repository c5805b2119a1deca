import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import type { CertificateRevocationList } from "../crl/certificate-revocation-list.ts";
import type { CrlIndex } from "../crl/crl-index.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import type { Budget } from "./budget.ts";
import type { ConstraintMemo } from "./checks/constraint-subtree.ts";
import type { NameMemo } from "./checks/normalised-names.ts";
import type { PathLimits } from "./path-limits.ts";
import type { PathProblemCode } from "./path-result.ts";
import type { PolicyInputs } from "./policy-inputs.ts";

/** `clientAuth` and `serverAuth` by RFC 5280 §4.2.1.12; `any` looks at no extendedKeyUsage. */
export type Purpose = "clientAuth" | "serverAuth" | "any";

/** `compat`: what RFC-conformant edges accept. `strict`: findings about the profile of RFC 5280 are errors as well. */
export type PathProfile = "compat" | "strict";

/**
 * `hard-fail`: a certificate whose status is not known is refused. `soft-fail`: only what an authentic list revokes is.
 * The anchor's status is never asked.
 */
export type RevocationInputs = { readonly crls: CrlIndex; readonly mode: "hard-fail" | "soft-fail" };

/** What every check of one verification may look at. */
export type PathContext = {
  readonly time: UnixSeconds;
  readonly purpose: Purpose;
  readonly profile: PathProfile;
  readonly allowSha1: boolean;
  readonly requireEku: boolean;
  readonly requireSelfSigned: boolean;
  readonly maxPathLength: number | undefined;
  readonly policies: PolicyInputs;
  readonly revocation: RevocationInputs | undefined;
  readonly limits: PathLimits;
  readonly crypto: CryptoPort;
  readonly budget: Budget;
  readonly candidates: CandidateMemo;
  readonly signatures: SignatureMemo;
  readonly names: NameMemo;
  readonly constraints: ConstraintMemo;
};

/** The ranked issuers of a certificate, for one set and one presented chain. */
export type CandidateMemo = Map<Certificate, readonly Certificate[]>;

/** Whether the key of the second made the signature of the first; asked again by every path through both. */
export type SignatureMemo = Map<Certificate | CertificateRevocationList, Map<Certificate, Stop | undefined>>;

/** Why a check turns a path down. */
export type Stop = {
  readonly code: PathProblemCode;
  readonly expected?: string;
  readonly actual?: string;
  /** Where it is another certificate of the path than the one being judged. */
  readonly index?: number;
  /** Where the clause is narrower than that of the code. */
  readonly cites?: string;
  /** Where OpenSSL has several numbers for the code. */
  readonly openSslError?: number;
};

/** One rule about the certificate at `index` of a path that reached an anchor: 0 is the leaf, the last the anchor. */
export type PathCheck = (path: readonly Certificate[], index: number, context: PathContext) => Stop | undefined;

export type * from "./certificate/certificate.ts";
export type * from "./certificate/general-name.ts";
export type * from "./certificate/name.ts";
export type * from "./certificate/subject-public-key-info.ts";
export * from "./manifest/manifest-entry.ts";
export type * from "./path/path-result.ts";
export type * from "./rules/finding-code.ts";
export type * from "./rules/finding.ts";
export type * from "./signature/crypto-port.ts";
export type * from "./signature/signature-scheme.ts";
export { type ParsedCertificate, maxCertificateBytes, parseCertificate } from "./certificate/parse-certificate.ts";
export { isSelfIssued } from "./certificate/self-issued.ts";
export type { DerProblem, DerProblemCode } from "./der/der-problem.ts";
export { escapeText } from "./text/escape-text.ts";
export { toHex } from "./text/hex.ts";
export { extensionOid, keyPurpose } from "./certificate/extension-oid.ts";
export { formatSerialNumber, formatSignatureAlgorithm, formatTime } from "./certificate/format-certificate.ts";
export { commonNames, formatName } from "./certificate/format-name.ts";
export { decodeBase64, encodeBase64 } from "./pem/base64.ts";
export { findPrivateKey } from "./pem/find-private-key.ts";
export { type DecodedPem, type PemBlock, type PemProblem, type PemProblemCode, decodePem } from "./pem/decode-pem.ts";
export { renderPem } from "./pem/render-pem.ts";
export { type AnchorIndex, buildAnchorIndex } from "./path/anchor-index.ts";
export type { PathProfile, Purpose, RevocationInputs } from "./path/path-check.ts";
export { type PathLimits, edgePathLimits, pathLimits } from "./path/path-limits.ts";
export { type PathProblemFacts, pathProblemFacts } from "./path/path-problem-facts.ts";
export { type PathRequest, validatePath } from "./path/validate-path.ts";
export { type KeyProblem, checkKey } from "./signature/check-key.ts";
export { type SignatureProblem, checkSignature, weakness } from "./signature/check-signature.ts";
export { schemeOf } from "./signature/scheme-of.ts";
export { checkCaSetName } from "./ca-set/ca-set-name.ts";
export { type ChainMember, type ChainStructure, chainStructure } from "./ca-set/chain-structure.ts";
export {
  type Submission,
  type SubmittedCertificate,
  maxCertificatesPerVersion,
  readSubmission,
} from "./ca-set/read-submission.ts";
export { type RemovalEffect, removalEffect } from "./ca-set/removal-effect.ts";
export { renderTree } from "./ca-set/render-tree.ts";
export {
  formatPlace,
  type Place,
  type PlacedProblem,
  placeOfPointer,
  type SplitFiles,
  splitFiles,
  type TextFile,
} from "./ca-set/split-files.ts";
export {
  type CaSetValidation,
  type CheckedCaSet,
  type ValidationRequest,
  validateCaSet,
} from "./ca-set/validate-ca-set.ts";
export { versionDigest } from "./ca-set/version-digest.ts";
export { type IssuerGraph, buildIssuerGraph, childrenOf } from "./path/issuer-graph.ts";
export { findingDetail, findingTitle } from "./problem/finding-text.ts";
export type { CaSetOptions, Evidence, Member, Occasion } from "./rules/rule.ts";
export { caListBytes, maxCaListBytes } from "./rules/tls/ca-list-too-large.ts";
export type {
  Activation,
  ActivationStatus,
  ActivationType,
  ExpectedNode,
  UnixMillis,
} from "./activation/activation.ts";
export {
  type ActivationDecision,
  decideActivation,
  isDone,
  percentComplete,
  percentOf,
} from "./activation/decide-activation.ts";
export {
  choosePilot,
  decidePilot,
  type Pilot,
  type PilotDecision,
  type Strategy,
} from "./activation/decide-pilot.ts";
export { removesTrustOnly } from "./activation/removes-trust-only.ts";
export { type CanonicalValue, canonicalJson } from "./manifest/canonical-json.ts";
export {
  type AnnouncementContext,
  type AnnouncementDecision,
  checkAnnouncement,
  entryIdOf,
} from "./manifest/check-announcement.ts";
export { entryDigest, signedBytes } from "./manifest/entry-digest.ts";
export { compareGenerations, formatGeneration } from "./manifest/generation.ts";
export {
  findKey,
  judgeKey,
  type KeyRing,
  type KeyRingCrypto,
  type SuccessorDecision,
  takeSuccessor,
} from "./manifest/key-ring.ts";
export { type KeySuccessor, type PublicSigningKey, successorBytes } from "./manifest/key-successor.ts";
export {
  type Outcome,
  type Problem,
  type ProblemItem,
  type ProblemSlug,
  problemCatalogue,
} from "./problem/problem-catalogue.ts";
export {
  concatBytes,
  encodeBits,
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  encodeTime,
  encodeUtf8String,
} from "./der/der-writer.ts";
export { encodeCertificate, encodeTbsCertificate, type TbsDescription } from "./certificate/encode-certificate.ts";
export {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  type ExtensionDescription,
  extendedKeyUsageExtension,
  type KeyUsageBit,
  keyUsageExtension,
  type NameConstraintsDescription,
  nameConstraintsExtension,
  subjectAltNameExtension,
  subjectKeyIdentifierExtension,
} from "./certificate/encode-extension.ts";
export {
  encodeName,
  type GeneralNameDescription,
  type NameAttributes,
  type NameDescription,
} from "./certificate/encode-name.ts";
export { encodeSignatureAlgorithm } from "./signature/encode-signature-algorithm.ts";
export { isHostname } from "./path/checks/normalised-names.ts";
export { hostnameProblem, trialCaSetId, trialHostname, wildcardOf } from "./manifest/edge-hostname.ts";
export {
  describeTrustOpening,
  type GuardedHostnames,
  type TrustOpening,
  trustOpenings,
} from "./manifest/trust-openings.ts";
export type * from "./crl/certificate-revocation-list.ts";
export { buildCrlIndex, type CrlIndex } from "./crl/crl-index.ts";
export { maxCrlBytes, type ParsedCrl, parseCrl } from "./crl/parse-crl.ts";
export type { PolicyInputs } from "./path/policy-inputs.ts";
export type * from "./path/describe-path-result.ts";
export { describePathResult } from "./path/describe-path-result.ts";
export { renderPathResult } from "./path/render-path-result.ts";
export {
  type AnchorTrust,
  type EffectiveTrust,
  effectiveTrust,
  type LetsIn,
  type PinningEffect,
  pinningEffect,
} from "./path/effective-trust.ts";
export { type CrlReadProblem, type ReadCrls, readCrls } from "./crl/read-crls.ts";
export { addressGroup } from "./text/address-group.ts";
export {
  type CertificateRequestProblem,
  maxCertificateRequestBytes,
  type ParsedCertificateRequest,
  parseCertificateRequest,
} from "./certificate-request/parse-certificate-request.ts";

// What other packages use, folder by folder in the direction of imports: what runs in a folder uses only those above it.

export { addressGroup } from "./text/address-group.ts";
export { escapeText } from "./text/escape-text.ts";
export { toHex } from "./text/hex.ts";

export { decodeBase64, encodeBase64 } from "./pem/base64.ts";
export { decodePem } from "./pem/decode-pem.ts";
export { findPrivateKey } from "./pem/find-private-key.ts";
export { renderPem } from "./pem/render-pem.ts";

export {
  concatBytes,
  encodeBits,
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeTime,
} from "./der/der-writer.ts";

export type { BasicConstraints, Certificate, UnixSeconds } from "./certificate/certificate.ts";
export { encodeCertificate, encodeTbsCertificate } from "./certificate/encode-certificate.ts";
export {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  type ExtensionDescription,
  type KeyUsageBit,
  keyUsageExtension,
  type NameConstraintsDescription,
  nameConstraintsExtension,
  subjectAltNameExtension,
  subjectKeyIdentifierExtension,
} from "./certificate/encode-extension.ts";
export { encodeName, type GeneralNameDescription, type NameDescription } from "./certificate/encode-name.ts";
export { keyPurpose } from "./certificate/extension-oid.ts";
export { formatSerialNumber, formatSignatureAlgorithm, formatTime } from "./certificate/format-certificate.ts";
export { commonNames, formatName } from "./certificate/format-name.ts";
export type { Name } from "./certificate/name.ts";
export { maxCertificateBytes, parseCertificate, type ParsedCertificate } from "./certificate/parse-certificate.ts";
export { isSelfIssued } from "./certificate/self-issued.ts";
export type { SubjectPublicKeyInfo } from "./certificate/subject-public-key-info.ts";

export type { CertificateRevocationList } from "./crl/certificate-revocation-list.ts";
export { buildCrlIndex } from "./crl/crl-index.ts";
export { parseCrl } from "./crl/parse-crl.ts";
export { readCrls } from "./crl/read-crls.ts";

export { checkKey } from "./signature/check-key.ts";
export { checkSignature, weakness } from "./signature/check-signature.ts";
export type { CryptoPort } from "./signature/crypto-port.ts";
export { encodeSignatureAlgorithm } from "./signature/encode-signature-algorithm.ts";
export { schemeOf } from "./signature/scheme-of.ts";
export type { SignatureScheme } from "./signature/signature-scheme.ts";

export { parseCertificateRequest } from "./certificate-request/parse-certificate-request.ts";

export { type AnchorIndex, buildAnchorIndex } from "./path/anchor-index.ts";
export { type DescribedPathResult, describePathResult } from "./path/describe-path-result.ts";
export { type AnchorTrust, type EffectiveTrust, effectiveTrust } from "./path/effective-trust.ts";
export { buildIssuerGraph } from "./path/issuer-graph.ts";
export type { PathProfile, Purpose, RevocationInputs } from "./path/path-check.ts";
export { edgePathLimits, pathLimits } from "./path/path-limits.ts";
export { pathProblemFacts } from "./path/path-problem-facts.ts";
export type { FleetAdvice, PathProblemCode, PathResult, VerifiedPath } from "./path/path-result.ts";
export { renderPathResult } from "./path/render-path-result.ts";
export { validatePath } from "./path/validate-path.ts";

export type { FindingCode } from "./rules/finding-code.ts";
export type { Finding, Severity } from "./rules/finding.ts";
export type { CaSetOptions, Occasion } from "./rules/rule.ts";
export { caListBytes, maxCaListBytes } from "./rules/tls/ca-list-too-large.ts";

export { type FindingWords, findingDetail, findingTitle, isFindingCode } from "./problem/finding-text.ts";
export {
  type Outcome,
  type Problem,
  problemCatalogue,
  type ProblemItem,
  type ProblemSlug,
} from "./problem/problem-catalogue.ts";

export { checkCaSetName } from "./ca-set/ca-set-name.ts";
export { type ChainMember, type ChainStructure, chainStructure } from "./ca-set/chain-structure.ts";
export { maxCertificatesPerVersion, readSubmission, type SubmittedCertificate } from "./ca-set/read-submission.ts";
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
export { type TrustingMember, trustingMembers } from "./ca-set/trusting-members.ts";
export { validateCaSet } from "./ca-set/validate-ca-set.ts";
export { versionDigest } from "./ca-set/version-digest.ts";

export { canonicalJson } from "./manifest/canonical-json.ts";
export { type AnnouncementContext, checkAnnouncement, entryIdOf } from "./manifest/check-announcement.ts";
export { hostnameProblem, trialHostname, wildcardOf } from "./manifest/edge-hostname.ts";
export { entryDigest, signedBytes } from "./manifest/entry-digest.ts";
export { compareGenerations, formatGeneration } from "./manifest/generation.ts";
export { findKey, judgeKey, type KeyRing, type KeyRingCrypto, takeSuccessor } from "./manifest/key-ring.ts";
export { type KeySuccessor, type PublicSigningKey, successorBytes } from "./manifest/key-successor.ts";
export {
  type CaSetContent,
  type ClientAuthenticationMode,
  type EdgeCertificateContent,
  type EntryContent,
  type EntryId,
  type Generation,
  type ManifestEntry,
  type Network,
  networks,
  type NodeRejection,
  type NodeRejectionCode,
  type SignedManifestEntry,
} from "./manifest/manifest-entry.ts";
export { describeTrustOpening, type TrustOpening, trustOpenings } from "./manifest/trust-openings.ts";

export type { Activation, ActivationType, ExpectedNode, UnixMillis } from "./activation/activation.ts";
export {
  type ActivationDecision,
  decideActivation,
  isDone,
  percentComplete,
  percentOf,
} from "./activation/decide-activation.ts";
export { choosePilot, decidePilot, type Pilot, type PilotDecision } from "./activation/decide-pilot.ts";
export { removesTrustOnly } from "./activation/removes-trust-only.ts";

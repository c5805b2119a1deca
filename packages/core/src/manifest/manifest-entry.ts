export type Network = "STAGING" | "PRODUCTION";

export const networks: readonly Network[] = ["STAGING", "PRODUCTION"];

/**
 * Position of an entry in time, compared by epoch, then number; it only ever rises, and a node refuses a lower one.
 * A roll back is a new number with old content; a restore from a backup starts a new epoch.
 */
export type Generation = { readonly epoch: number; readonly number: number };

/** The anchors that a node serves for one CA set. */
export type CaSetContent = {
  readonly kind: "ca-set";
  readonly caSetId: string;
  readonly caSetName: string;
  readonly version: number;
  /** SHA-256 of each anchor's DER, lower-case hex, ascending, without repeats; 1 to 300. */
  readonly fingerprints: readonly string[];
};

/** Which set guards which hostnames, and how. */
export type EdgeCertificateContent = {
  readonly kind: "edge-certificate";
  readonly edgeCertificateId: number;
  /** Lower case, ascending, at least one. `*.` may lead. */
  readonly hostnames: readonly string[];
  readonly caSetId: string;
  readonly mode: ClientAuthenticationMode;
  readonly sendCaListToClient: boolean;
};

export type ClientAuthenticationMode = "deny" | "observe";

export type EntryContent = CaSetContent | EdgeCertificateContent;

/** `ca-set/<caSetId>` or `edge-certificate/<edgeCertificateId>`. */
export type EntryId = string;

/** What every node of a network must serve of one thing. Each entry stands and falls on its own. */
export type ManifestEntry = {
  readonly network: Network;
  readonly entryId: EntryId;
  readonly generation: Generation;
  /** null: withdrawn. The node stops serving it and keeps only the generation, so that nothing older comes back. */
  readonly content: EntryContent | null;
  /** SHA-256 over the canonical JSON of `content`, lower-case hex. */
  readonly digest: string;
};

/** An entry as sent to one node. The signature covers network, nodeId, entryId, generation and digest. */
export type SignedManifestEntry = {
  readonly entry: ManifestEntry;
  readonly nodeId: string;
  /** Names the signing key of the network: first 16 hex digits of SHA-256 of its SPKI. */
  readonly keyId: string;
  /** Ed25519, base64. */
  readonly signature: string;
};

/** How far one node has come with one entry. Levels in rising order; `rejected` stands aside. */
export type NodeEntryState = "delivered" | "applied" | "verified" | "rejected";

/** Why a node turned an entry down, in the words of its engine where it had any. */
export type NodeRejection = { readonly code: NodeRejectionCode; readonly detail: string };

export type NodeRejectionCode =
  | "signature-invalid"
  | "signing-key-unknown"
  | "signing-key-retired"
  | "network-mismatch"
  | "node-mismatch"
  | "generation-regressed"
  | "digest-mismatch"
  | "certificate-unavailable"
  | "certificate-digest-mismatch"
  | "certificate-malformed"
  | "entry-malformed"
  | "limit-exceeded"
  | "engine-refused"
  | "proof-failed"
  | "disk-write-failed";

import { z } from "zod";
import { handshakeReport } from "./handshake-report.ts";

/**
 * What a node and the control plane say to each other, protocol version 1. One HTTP/2 connection, opened by the node:
 *
 * - `POST /node/v1/session`: a stream that stays open, one JSON object per line each way. The node's first line is
 *   `hello`, the answer `welcome`, then every entry in one or more `announce`, the last of them with `complete: true`, then changes as they come.
 * - `POST /node/v1/certificates`: certificates by SHA-256, only those that the network's manifest names.
 * - `POST /node/v1/renewal`: a certificate for a new key of the same node.
 * - `POST /node/v1/enrolment`: a join token and a certificate request, for a certificate.
 *
 * TLS 1.3 with certificates on both sides, but for the enrolment, which has none yet. The node's names it as `nodeUri`. What is
 * refused is answered with 401 and a `nodeRefusal`. Every announcement is desired state and may be repeated at will.
 */
export const nodeProtocolVersion = 1;

/**
 * In the answer to `POST /node/v1/session`, with the value `1`, by a control plane that takes reports of handshakes. Older ones end a
 * session in which something is said that they do not know.
 */
export const handshakesHeader = "x-tcm-handshakes";

/**
 * In `POST /node/v1/session`, by an agent whose engine says it: the entries whose CAs its listeners name to clients, one space
 * between two, or `*` where that is not known of each. A header and not a field of `hello`, since older control planes know no
 * other fields; a node that says nothing refuses by itself what no handshake can carry.
 */
export const caNamesHeader = "x-tcm-sends-ca-names";

/** In the same answer, with the value `1`, by a control plane that knows `cutOff` in such a report. */
export const cutOffHeader = "x-tcm-cut-off-clients";

/** Bound before parsing: the 2,000 entry reports of a `hello` are the longest line. Announcements are split to stay far below. */
export const maxNodeLineBytes = 1024 * 1024;

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
const network = z.enum(["STAGING", "PRODUCTION"]);
const nodeId = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/);
const keyId = z.string().regex(/^[0-9a-f]{16}$/);
const entryId = z.string().regex(/^(ca-set|edge-certificate)\/[1-9][0-9]{0,9}$/);
/** The value of `caNamesHeader`, read; undefined for what is none. */
export function readCaNames(value: unknown): CaNames | undefined {
  if (value === "*") return "every";
  if (typeof value !== "string") return undefined;
  const entries = value === "" ? [] : value.split(" ");
  return entries.length <= maxCaNamesEntries && entries.every((text) => entryId.safeParse(text).success)
    ? entries
    : undefined;
}

/** Which would be too long a header are `*`: as many as an agent may have listeners. */
export function writeCaNames(names: CaNames): string {
  return names === "every" || names.length > maxCaNamesEntries ? "*" : names.join(" ");
}

const maxCaNamesEntries = 1_000;

/** Ids of the entries whose CAs a node names to clients; `every`: it may be any. */
export type CaNames = "every" | readonly string[];

const generation = z.strictObject({ epoch: z.int().min(1), number: z.int().min(1) });
const state = z.enum(["delivered", "applied", "verified", "rejected"]);

const caSetContent = z.strictObject({
  kind: z.literal("ca-set"),
  caSetId: z.string().regex(/^[1-9][0-9]{0,9}$/),
  caSetName: z.string().min(1).max(64),
  version: z.int().min(1),
  fingerprints: z.array(fingerprint).min(1).max(300),
});

const edgeCertificateContent = z.strictObject({
  kind: z.literal("edge-certificate"),
  edgeCertificateId: z.int().min(1),
  hostnames: z.array(z.string().min(1).max(253)).min(1).max(100),
  caSetId: z.string().regex(/^[1-9][0-9]{0,9}$/),
  mode: z.enum(["deny", "observe"]),
  sendCaListToClient: z.boolean(),
});

const manifestEntry = z.strictObject({
  network,
  entryId,
  generation,
  content: z.discriminatedUnion("kind", [caSetContent, edgeCertificateContent]).nullable(),
  digest: fingerprint,
});

export const signedManifestEntry = z.strictObject({
  entry: manifestEntry,
  nodeId,
  keyId,
  signature: base64,
});

const rejection = z.strictObject({ code: z.string().max(64), detail: z.string().max(2000) });

/** How far the node is with one entry. Sent on every change, and for all entries in `hello`. */
const entryReport = z.strictObject({
  entryId,
  generation,
  digest: fingerprint,
  state,
  /** Present exactly when state is `rejected`. */
  rejection: rejection.optional(),
  /** The engine's words about an application or a proof. */
  detail: z.string().max(2000).optional(),
});

export const nodeMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    protocolVersion: z.literal(nodeProtocolVersion),
    nodeId,
    network,
    engine: z.string().max(32),
    engineVersion: z.string().max(64),
    highestLevel: z.enum(["applied", "verified"]),
    /** Where clients reach this node, for showing; `host:port`. */
    address: z.string().max(300),
    entries: z.array(entryReport).max(2000),
  }),
  z.strictObject({ type: z.literal("report"), report: entryReport }),
  z.strictObject({ type: z.literal("pong") }),
  /** Only to a control plane that takes them: `handshakesHeader`. One at a time: the next when this one is taken. */
  z.strictObject({ type: z.literal("handshakes"), report: handshakeReport }),
]);

/** Longer chains have nodes that were away for so many keys enrolled again. */
export const maxKeySuccessors = 1_000;

/** The word of a signing key of the network for the one that takes its place. */
export const keySuccessor = z.strictObject({
  network,
  keyId,
  successor: z.strictObject({ keyId, spki: base64.max(200) }),
  from: generation,
  signature: base64.max(200),
});

export const controlPlaneMessage = z.discriminatedUnion("type", [
  /** Before anything that the newest of these keys signs; oldest first, as often as it likes. Left out where there never was another key. */
  z.strictObject({ type: z.literal("key-successors"), successors: z.array(keySuccessor).max(maxKeySuccessors) }),
  z.strictObject({ type: z.literal("welcome"), network, heartbeatIntervalMs: z.int().min(100) }),
  z.strictObject({
    type: z.literal("announce"),
    /** True once in a session: with this line every entry of the network has been announced. */
    complete: z.boolean(),
    entries: z.array(signedManifestEntry).max(2000),
  }),
  z.strictObject({ type: z.literal("ping") }),
  /** The report is on disk; only to a node that sent it. */
  z.strictObject({ type: z.literal("handshakes-taken"), stream: z.string().max(16), sequence: z.int().min(1) }),
  /** The session ends and the node should not come back before `retryAfterMs`. */
  z.strictObject({ type: z.literal("goodbye"), reason: z.string().max(500), retryAfterMs: z.int().min(0) }),
]);

export const certificatesRequest = z.strictObject({ fingerprints: z.array(fingerprint).min(1).max(300) });

/** Fingerprint to base64 DER; what is unknown, or not of this network, is left out. */
export const certificatesResponse = z.strictObject({ certificates: z.record(fingerprint, base64) });

/** A URI name of the node's certificate, and its only one: SPIFFE ID, in the trust domain `tcm`. */
export function nodeUri(of: { readonly network: "STAGING" | "PRODUCTION"; readonly nodeId: string }): string {
  return `spiffe://tcm/${of.network.toLowerCase()}/${of.nodeId}`;
}

/** A PKCS#10 request is below 4 KiB (`maxCertificateRequestBytes`), a join token below 1 KiB. */
export const maxEnrolmentBytes = 8 * 1024;

const certificateRequest = base64.max(6 * 1024);
/** Pinned: entries signed by any other key are refused. */
const signingKeys = z.array(z.strictObject({ keyId: z.string(), spki: base64 })).min(1);

/** `secret`: of the join token. `certificateRequest`: PKCS#10, DER in base64. */
export const enrolmentRequest = z.strictObject({ secret: z.string().max(100), certificateRequest });

/** `certificate`: PEM. `controlPlaneUrls`: every control plane of the store that is known. */
export const enrolmentResponse = z.object({
  nodeId,
  network,
  certificate: z.string(),
  controlPlaneUrls: z.array(z.string()).min(1).max(16),
  signingKeys,
});

export const renewalRequest = z.strictObject({ certificateRequest });
export const renewalResponse = z.object({ certificate: z.string() });

/** Why a node is not let in, with what it can do about it. */
export const nodeRefusal = z.object({
  code: z.enum([
    "no-certificate",
    "certificate-unusable",
    "certificate-expired",
    "certificate-not-yet-valid",
    "node-unknown",
    "join-token-refused",
    "certificate-request-unusable",
    "certificate-superseded",
    "too-many-attempts",
  ]),
  detail: z.string().max(500),
});

/** Written when a node is enrolled, mode 0600; all that it needs to find and to trust its control plane, and to be trusted. */
export const nodeIdentity = z.strictObject({
  nodeId,
  network,
  /** `https://HOST:7301`. */
  controlPlaneUrl: z.string(),
  /** More control planes on the same store: tried in turn when one cannot be reached. */
  controlPlaneUrls: z.array(z.string()).max(16).optional(),
  /** PEM: the only CA whose certificate a control plane may show. */
  controlPlaneCa: z.string(),
  /** PEM. */
  certificate: z.string(),
  /** PKCS#8 PEM. Beside its certificate, so that the two change in one step. */
  privateKey: z.string(),
  signingKeys,
  /** Tells one enrolment of the node from the next: what was heard under another one counts no more. */
  enrolmentId: z.string().max(64).optional(),
});

export type NodeMessage = z.infer<typeof nodeMessage>;
export type ControlPlaneMessage = z.infer<typeof controlPlaneMessage>;
export type EntryReport = z.infer<typeof entryReport>;
export type NodeIdentity = z.infer<typeof nodeIdentity>;
export type EnrolmentResponse = z.infer<typeof enrolmentResponse>;
export type NodeRefusal = z.infer<typeof nodeRefusal>;
export type CertificatesRequest = z.infer<typeof certificatesRequest>;

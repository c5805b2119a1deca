import { type PathProblemCode, pathProblemFacts } from "@tcm/core";
import { z } from "zod";

/**
 * What a node tells of the handshakes it saw, part of `node-protocol.ts`. Numbers, hex and words of closed lists alone: nothing that
 * a client chose, but for the SHA-256 of a certificate that was accepted.
 */

/** `removed-anchor`: refused, and an anchor that the served generation took away would have let the client in. */
export const handshakeOutcomes = ["accepted", "refused", "removed-anchor", "failed"] as const;

const ownReasons = [
  "client-certificate-missing",
  "client-certificate-malformed",
  "ca-set-not-active",
  /** Our path engine would have let it in, and the proxy did not. */
  "engine-refused",
  /** The proxy refused it, and its log does not hold what would tell why. */
  "not-told",
  /** The handshake broke before a verdict: another protocol, a client that did not trust the server, a scanner. */
  "handshake-failed",
] as const;

export type HandshakeOutcome = (typeof handshakeOutcomes)[number];
/** Empty when accepted. */
export type HandshakeReason = PathProblemCode | (typeof ownReasons)[number] | "";

/** The closed list: whatever else a node says is no report. */
export const handshakeReasons: readonly HandshakeReason[] = [
  "",
  ...ownReasons,
  ...(Object.keys(pathProblemFacts) as PathProblemCode[]),
];

const reasons: ReadonlySet<string> = new Set(handshakeReasons);
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const caSetId = z.string().regex(/^[1-9][0-9]{0,8}$/);
const seconds = z.int().min(0).max(253_402_300_799);
const int32 = z.int().min(0).max(2_147_483_647);

/** More than any edge sees; sums of such counts in one report are still exact numbers. */
export const maxHandshakeCount = 1_000_000_000_000;

const handshakeCount = z.strictObject({
  caSetId,
  /** Of the content that decided; 0 while the set was not served. */
  version: int32,
  generation: z.strictObject({ epoch: int32, number: int32 }),
  /** SHA-256; empty where none accepted, nor would have. */
  anchor: fingerprint.or(z.literal("")),
  outcome: z.enum(handshakeOutcomes),
  reason: z.custom<HandshakeReason>((value) => typeof value === "string" && reasons.has(value)),
  count: z.int().min(1).max(maxHandshakeCount),
  lastSeen: seconds,
});

const client = z.strictObject({ caSetId, fingerprint, anchor: fingerprint, notAfter: seconds, lastSeen: seconds });

/** `isProved`: it has shown that it holds the key of its certificate, which anybody may have. */
const cutOffClient = z.strictObject({
  caSetId,
  generation: z.strictObject({ epoch: int32, number: int32 }),
  fingerprint,
  isProved: z.boolean(),
  lastSeen: seconds,
});

export const maxReportedCounts = 2_000;
export const maxReportedClients = 1_000;
/** Of the buckets that nodes report. */
export const reportedBucketSeconds = 60;

export const handshakeReport = z.strictObject({
  /** One run of the node's process: its sequence begins at 1. */
  stream: z.string().regex(/^[0-9a-f]{16}$/),
  /** Said again under the same number until it is taken, so that nothing is counted twice. */
  sequence: z.int().min(1).max(2_147_483_647),
  /** Handshakes since the report before that found no room, and are in no count. */
  lost: z.int().min(0).max(maxHandshakeCount),
  /** `at`: the start of the minute; where there were too many, of the first of several. */
  counts: z.array(handshakeCount.extend({ at: seconds })).max(maxReportedCounts),
  /** Clients that were accepted, each once. */
  clients: z.array(client).max(maxReportedClients),
  /** Clients that were refused, each once, which an anchor that the generation took away would have let in. Left out by older agents. */
  cutOff: z.array(cutOffClient).max(maxReportedClients).optional(),
});

export type HandshakeReport = z.infer<typeof handshakeReport>;
export type HandshakeCount = HandshakeReport["counts"][number];
export type HandshakeClient = HandshakeReport["clients"][number];
export type CutOffClient = z.infer<typeof cutOffClient>;
export type HandshakeKind = Omit<HandshakeCount, "at" | "count" | "lastSeen">;

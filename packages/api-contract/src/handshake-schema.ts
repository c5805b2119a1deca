import { z } from "zod";
import { caSetId, network } from "./ca-set-schema.ts";
import { handshakeOutcomes } from "./handshake-report.ts";

const outcomeCounts = { accepted: z.int(), refused: z.int(), removedAnchor: z.int(), failed: z.int() };

const anchorHandshakes = z.object({
  fingerprint: z.string(),
  /** null: of a certificate that no version has any more. */
  subject: z.string().nullable(),
  /** In the version that is active on the network. */
  isActive: z.boolean(),
  accepted: z.int(),
  /** Refused, and let in by this anchor before the generation that refused took it away. */
  removedAnchor: z.int(),
  /** Within the range or not; null: never seen. */
  lastAcceptedDate: z.string().nullable(),
});

/** The handshakes of a set on a network. */
export const handshakeSummary = z.object({
  caSetId,
  network,
  startDate: z.string(),
  endDate: z.string(),
  /** Of `buckets`: 300, 3600 or 86400. Five minutes are kept for a day, hours for 90 days. */
  bucketSeconds: z.int(),
  ...outcomeCounts,
  /** Accepted through an anchor that the log of the proxy did not let be found. */
  acceptedWithoutAnchor: z.int(),
  /** Of the network's nodes, over all sets and times: seen, and in no count for want of room. */
  lost: z.int(),
  /** Those of the active version and those that were seen; the most used first. */
  anchors: z.array(anchorHandshakes),
  /** The most frequent first. */
  refusals: z.array(
    z.object({
      version: z.int(),
      outcome: z.enum(handshakeOutcomes),
      reason: z.string(),
      count: z.int(),
      lastSeenDate: z.string(),
    }),
  ),
  /** Those in which there was a handshake, the oldest first. */
  buckets: z.array(z.object({ startDate: z.string(), ...outcomeCounts })),
});

/** Clients that a set let in on a network, those seen last first. Names are not kept. */
export const seenClientList = z.object({
  caSetId,
  network,
  clients: z.array(
    z.object({
      fingerprint: z.string(),
      anchor: z.string(),
      anchorSubject: z.string().nullable(),
      expiryDate: z.string(),
      lastSeenDate: z.string(),
    }),
  ),
});

export type HandshakeSummary = z.infer<typeof handshakeSummary>;
export type SeenClientList = z.infer<typeof seenClientList>;

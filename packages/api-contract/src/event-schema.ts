import { z } from "zod";
import { caSetId, network } from "./ca-set-schema.ts";
import { trustOpening } from "./deployment-schema.ts";

/** Something about an activation has changed: it began, nodes said something, or it ended. */
const activationEvent = z.object({
  type: z.literal("activation"),
  activationId: z.int(),
  activationLink: z.string(),
  activationStatus: z.enum(["IN_PROGRESS", "COMPLETE", "FAILED"]),
  caSetId,
  version: z.int(),
  network,
});

/** An activity, as it is in the record of the set. */
const caSetEvent = z.object({
  type: z.literal("ca-set"),
  caSetId,
  caSetLink: z.string(),
  activity: z.string(),
  version: z.int().nullable(),
  network: network.nullable(),
});

const edgeCertificateEvent = z.object({
  type: z.literal("edge-certificate"),
  edgeCertificateId: z.int(),
  edgeCertificateLink: z.string(),
  change: z.enum(["deployed", "withdrawn", "reported"]),
});

const edgeNodeEvent = z.object({
  type: z.literal("edge-node"),
  nodeId: z.string(),
  network,
  /** `identity-shared`: two agents keep taking its place from each other, or one asked for more with a certificate from before. */
  change: z.enum(["enrolled", "connected", "disconnected", "drained", "undrained", "removed", "identity-shared"]),
});

/** Somebody confirmed that hostnames are guarded less than before. It says what, since it may be gone from the resources. */
const alarmEvent = z.object({
  type: z.literal("alarm"),
  alarm: z.literal("trust-opened"),
  edgeCertificateId: z.int(),
  edgeCertificateLink: z.string(),
  by: z.string(),
  /** The first twenty. */
  openings: z.array(trustOpening),
  openingCount: z.int(),
});

/** What happened. It names what to read again, and is no copy of it. The SSE field `event` says the type as well. */
export const controlPlaneEvent = z.discriminatedUnion("type", [
  activationEvent,
  caSetEvent,
  edgeCertificateEvent,
  edgeNodeEvent,
  alarmEvent,
  /** First on every stream: from here on nothing is missed. */
  z.object({ type: z.literal("ready") }),
  /** What was missed is not kept any more: read everything again. */
  z.object({ type: z.literal("reset") }),
]);

export type ControlPlaneEvent = z.infer<typeof controlPlaneEvent>;
/** Those that are kept. */
export type RecordedEvent = Exclude<ControlPlaneEvent, { type: "ready" | "reset" }>;

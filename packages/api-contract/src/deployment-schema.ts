import { z } from "zod";
import { caSetId, network, validation } from "./ca-set-schema.ts";
import { mostObservationSeconds, mostRefusedClients } from "./one-node-first-limits.ts";

const observationSeconds = z.int().min(0).max(mostObservationSeconds);
const maxRefusedClients = z.int().min(0).max(mostRefusedClients);

/** Beside the network all of it is ours, and may be left out. */
export const activationRequest = z
  .strictObject({
    network,
    strategy: z.enum(["ALL_AT_ONCE", "ONE_NODE_FIRST"]).optional(),
    /** How long the first node is watched after it has proved the change. Default: 30. */
    observationSeconds: observationSeconds.optional(),
    /** Refused handshakes, of clients whose CA the change removes, that do not stop it. Default: 0. */
    maxRefusedClients: maxRefusedClients.optional(),
  })
  .refine(
    ({ strategy, ...rest }) =>
      strategy === "ONE_NODE_FIRST" || (rest.observationSeconds === undefined && rest.maxRefusedClients === undefined),
    { path: ["strategy"], message: "observationSeconds and maxRefusedClients go with ONE_NODE_FIRST" },
  );

/** How an activation with one node first goes: the others are told in the phase REST. */
const oneNodeFirst = z.object({
  nodeId: z.string(),
  phase: z.enum(["FIRST_NODE", "OBSERVATION", "REST"]),
  observationSeconds,
  /** Deployments of before the bound may have allowed more. */
  maxRefusedClients: z.int().min(0),
  provedDate: z.string().nullable(),
  releasedDate: z.string().nullable(),
  /** Those that count against maxRefusedClients; while it runs, and where it is read by itself. */
  refusedClients: z.int().optional(),
});

export const activation = z.object({
  activationId: z.int(),
  activationLink: z.string(),
  activationType: z.enum(["ACTIVATE", "DEACTIVATE"]),
  activationStatus: z.enum(["IN_PROGRESS", "COMPLETE", "FAILED"]),
  network,
  percentComplete: z.int(),
  failureReason: z.string().nullable(),
  caSetId,
  caSetName: z.string(),
  caSetLink: z.string(),
  version: z.int(),
  versionLink: z.string(),
  createdDate: z.string(),
  createdBy: z.string(),
  modifiedDate: z.string().nullable(),
  modifiedBy: z.string().nullable(),
  validation: validation.nullable(),
  /** Ours: the generation that nodes report, `epoch.number`. */
  generation: z.string(),
  /** Ours: when it ends at the latest. */
  deadlineDate: z.string(),
  /** Ours: what was active there when it began, and goes out again when a node rejects it; null: nothing was. */
  previousVersion: z.int().nullable(),
  /** Ours: it takes trust away and adds none. What was distrusted is not put back when a node rejects it. */
  removesTrustOnly: z.boolean(),
  /** Ours: there when one node goes first. */
  oneNodeFirst: oneNodeFirst.optional(),
});

export const activationList = z.object({ activations: z.array(activation) });

const activationNode = z.object({
  nodeId: z.string(),
  state: z.enum(["expected", "delivered", "applied", "verified", "rejected"]),
  requiredLevel: z.enum(["applied", "verified"]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  excludedDate: z.string().nullable(),
  excludedBy: z.string().nullable(),
  modifiedDate: z.string(),
  /** There when the node goes before the others. */
  goesFirst: z.literal(true).optional(),
});

export const activationNodes = z.object({
  percentComplete: z.int(),
  nodes: z.array(activationNode),
  /** It ended long ago: how far each node was is not kept any more. */
  nodesForgotten: z.literal(true).optional(),
});

export const excludeNodeRequest = z.strictObject({ nodeId: z.string().min(1).max(63) });

const mode = z.enum(["deny", "observe"]);
/** "crl" is understood, and refused with `revocation-not-available` as long as no edge checks it. */
const revocation = z.enum(["off", "crl"]);

export const clientAuthentication = z.strictObject({
  caSetId,
  mode: mode.default("deny"),
  sendCaListToClient: z.boolean().default(false),
  revocation: revocation.default("off"),
});

export const createEdgeCertificateRequest = z.strictObject({
  hostnames: z.array(z.string().min(1).max(253)).min(1).max(100),
  clientAuthentication,
});

/** Members that are left out stay as they are. */
export const changeEdgeCertificateRequest = z.strictObject({
  hostnames: createEdgeCertificateRequest.shape.hostnames.optional(),
  clientAuthentication: z
    .strictObject({ caSetId, mode, sendCaListToClient: z.boolean(), revocation })
    .partial()
    .optional(),
});

export const changeEdgeNodeRequest = z.strictObject({ drained: z.boolean() });

const networkProgress = z.object({
  status: z.enum(["IN_PROGRESS", "COMPLETE", "REJECTED"]),
  percentComplete: z.int(),
  generation: z.string(),
});

export const edgeCertificate = z.object({
  edgeCertificateId: z.int(),
  edgeCertificateLink: z.string(),
  hostnames: z.array(z.string()),
  clientAuthentication: z.object({
    caSetId,
    caSetName: z.string(),
    mode,
    sendCaListToClient: z.boolean(),
    revocation: z.literal("off"),
  }),
  staging: networkProgress,
  production: networkProgress,
  createdDate: z.string(),
  createdBy: z.string(),
  modifiedDate: z.string().nullable(),
  modifiedBy: z.string().nullable(),
});

/**
 * A hostname that is guarded less than before. `unbound`: no CA set decides about its clients any more. `observed`: clients are let
 * in without an accepted certificate; `edgeCertificateId` is the one whose wildcard does so, where it is another one.
 */
export const trustOpening = z.object({
  hostname: z.string(),
  effect: z.enum(["unbound", "observed"]),
  edgeCertificateId: z.int().optional(),
});

export const edgeCertificateList = z.object({ edgeCertificates: z.array(edgeCertificate) });

const nodeEntry = z.object({
  entryId: z.string(),
  expectedGeneration: z.string(),
  reportedGeneration: z.string().nullable(),
  state: z.enum(["unknown", "delivered", "applied", "verified", "rejected"]),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  isDrifted: z.boolean(),
});

export const edgeNode = z.object({
  nodeId: z.string(),
  network,
  engine: z.string(),
  engineVersion: z.string(),
  highestLevel: z.enum(["applied", "verified"]),
  address: z.string(),
  isConnected: z.boolean(),
  lastSeenDate: z.string().nullable(),
  drained: z.boolean(),
  /** When its certificate runs out; null until it has joined. A node that is connected renews it in time. */
  certificateExpiryDate: z.string().nullable(),
  /** It cannot connect until it joins anew, and nothing waits for it. */
  isCertificateExpired: z.boolean(),
  /** How far its clock was ahead when it connected last. */
  clockSkewSeconds: z.int().nullable(),
  isDrifted: z.boolean(),
  entries: z.array(nodeEntry),
});

/** Without nodeId the node gets a new name; with one it is that node, for good or anew. */
export const createJoinTokenRequest = z.strictObject({
  network,
  engine: z.enum(["built-in", "haproxy", "nginx"]),
  nodeId: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, "It has to be 1 to 63 of a-z 0-9 . - and to begin with a letter or a digit.")
    .nullable()
    .default(null),
  /** From a minute to a day. */
  expiresInSeconds: z.int().min(60).max(86_400).default(900),
});

/** `joinToken`: shown here alone. */
export const joinToken = z.object({
  joinToken: z.string(),
  network,
  engine: z.string(),
  nodeId: z.string().nullable(),
  expiryDate: z.string(),
});

export const edgeNodeList = z.object({ edgeNodes: z.array(edgeNode) });

export type ActivationRequest = z.infer<typeof activationRequest>;
export type ActivationView = z.infer<typeof activation>;
export type ActivationNodesView = z.infer<typeof activationNodes>;
export type EdgeCertificateView = z.infer<typeof edgeCertificate>;
export type EdgeNodeView = z.infer<typeof edgeNode>;
/** With what was left out filled in. */
export type CreateJoinTokenRequest = z.output<typeof createJoinTokenRequest>;
export type JoinTokenView = z.infer<typeof joinToken>;
export type CreateEdgeCertificateRequest = z.input<typeof createEdgeCertificateRequest>;
/** With what was left out filled in. */
export type CheckedCreateEdgeCertificateRequest = z.output<typeof createEdgeCertificateRequest>;
export type ChangeEdgeCertificateRequest = z.infer<typeof changeEdgeCertificateRequest>;

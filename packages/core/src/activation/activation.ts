import type { Network, NodeEntryState } from "../manifest/manifest-entry.ts";

/** Milliseconds since 1970, from the clock that is handed in. */
export type UnixMillis = number;

export type ActivationType = "ACTIVATE" | "DEACTIVATE";
export type ActivationStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";

/** One (de)activation of one version on one network, as far as deciding about it goes. */
export type Activation = {
  readonly type: ActivationType;
  readonly network: Network;
  readonly status: ActivationStatus;
  readonly deadline: UnixMillis;
  /** The change takes trust away and adds none. */
  readonly removesTrustOnly: boolean;
  /** The version is that of the network already: a roll back of a deployment that had not ended, or once more what has failed. */
  readonly isInForce?: boolean;
};

/** A node that was expected when the activation began. */
export type ExpectedNode = {
  readonly nodeId: string;
  /** The level that counts as done: what this node's engine can prove at most. */
  readonly requiredLevel: "applied" | "verified";
  readonly state: NodeEntryState | "expected";
  readonly detail: string | undefined;
  /** Taken out of the count by an operator, on the record. */
  readonly isExcluded: boolean;
};

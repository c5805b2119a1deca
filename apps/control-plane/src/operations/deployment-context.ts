import type { Network } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../store/schema.ts";
import { transaction } from "../store/store.ts";
import type { OperationContext } from "./context.ts";

/** The nodes that are connected now. */
export type Fleet = {
  /** Entries of the network have changed: tell its nodes. Returns at once and never throws; what gets lost is told again. */
  announce(network: Network): void;
  /** To this process; another one on the same store may hold the session. */
  isConnected(nodeId: string): boolean;
};

/** What operations on deployments work with beyond the rest. */
export type DeploymentContext = OperationContext & {
  readonly fleet: Fleet;
  /** After which an activation ends though nodes are behind. */
  readonly deploymentDeadlineMs: number;
  /** Tells this process from the others on the same store, and from those before it. */
  readonly controlPlaneId: string;
  /** A node that another process has not heard of for longer than this is not connected to it any more. */
  readonly contactWithinMs: number;
};

export type Announce = (network: Network) => void;

/** A transaction that may change what nodes serve: they are told once it is on disk, and never before. */
export async function deploymentTransaction<T>(
  { store, fleet }: Pick<DeploymentContext, "store" | "fleet">,
  work: (queries: Transaction<Database>, announce: Announce) => Promise<T>,
): Promise<T> {
  const changed = new Set<Network>();
  const result = await transaction(store, (queries) => work(queries, (network) => changed.add(network)));
  for (const network of changed) fleet.announce(network);
  return result;
}

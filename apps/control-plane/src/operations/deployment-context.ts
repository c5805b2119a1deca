import type { HandshakeReport } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../store/schema.ts";
import { type Queries, transaction } from "../store/store.ts";
import type { OperationContext } from "./context.ts";
import type { OpenedTrust } from "./edge-certificates/open-trust.ts";
import type { RemovedAnchorQuestion, RemovedAnchorRefusals } from "./handshakes/removed-anchor-refusals.ts";

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
  /** Clients refused whose CA a deployment took away. Undefined: nobody counts them. */
  readonly removedAnchorRefusals?:
    | ((queries: Queries, question: RemovedAnchorQuestion) => Promise<RemovedAnchorRefusals>)
    | undefined;
  /** Told of every activation that this process ended, once that is on disk. */
  readonly onActivationEnded?: ((ended: EndedActivation) => void) | undefined;
  /** Told of everything that was confirmed to be guarded less, once that is on disk. */
  readonly onTrustOpened?: ((opened: OpenedTrust) => void) | undefined;
  /** Told of every report of handshakes that this process took for the first time, once it is on disk. */
  readonly onHandshakes?: ((network: Network, report: HandshakeReport) => void) | undefined;
};

export type EndedActivation = {
  readonly activationId: number;
  readonly caSetId: number;
  readonly version: number;
  readonly network: Network;
  readonly type: "ACTIVATE" | "DEACTIVATE";
  /** `cancelled`: by an operator, or by a roll back that took its place. */
  readonly outcome: "complete" | "failed" | "cancelled";
  readonly durationMs: number;
};

/** A network whose entries have changed, an activation that has ended, or trust that was opened. */
export type News = Network | EndedActivation | OpenedTrust;
export type Announce = (news: News) => void;

/** A transaction that may change what nodes serve: they are told once it is on disk, and never before. */
export async function deploymentTransaction<T>(
  {
    store,
    fleet,
    onActivationEnded,
    onTrustOpened,
  }: Pick<DeploymentContext, "store" | "fleet" | "onActivationEnded" | "onTrustOpened">,
  work: (queries: Transaction<Database>, announce: Announce) => Promise<T>,
): Promise<T> {
  const news = new Set<News>();
  const result = await transaction(store, (queries) => {
    // It may be the second attempt.
    news.clear();
    return work(queries, (item) => news.add(item));
  });
  for (const item of news)
    if (typeof item === "string") fleet.announce(item);
    else if ("openings" in item) onTrustOpened?.(item);
    else onActivationEnded?.(item);
  return result;
}

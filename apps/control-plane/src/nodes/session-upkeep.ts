import type { FastifyBaseLogger } from "fastify";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { nodesChanged } from "../operations/activations/nodes-changed.ts";
import { recordSeen } from "../operations/activations/record-reports.ts";
import { endExpired, endUnwanted } from "./end-unwanted.ts";
import type { SessionTable } from "./session-table.ts";

/** A signal between processes may get lost: then it is looked at this often. */
const beatsBetweenLooks = 6;

export type UpkeepOptions = {
  readonly context: DeploymentContext;
  readonly fleet: SessionTable;
  readonly log: FastifyBaseLogger;
  readonly heartbeatIntervalMs: number;
  /** At every heartbeat, before the sessions. */
  readonly onBeat: () => void;
};

/** Sessions are asked for a sign of life, and end with their certificate, or when their node is not wanted any more. */
export function keepSessions(options: UpkeepOptions): { stop(): void } {
  const { context, heartbeatIntervalMs, onBeat } = options;
  const stopListening = context.store.signals.listen((signal) => {
    if (signal === nodesChanged) look(options);
  });
  let beats = 0;
  const heartbeat = setInterval(() => {
    onBeat();
    beat(options);
    if (++beats % beatsBetweenLooks === 0) look(options);
  }, heartbeatIntervalMs);
  return {
    stop: () => {
      clearInterval(heartbeat);
      stopListening();
    },
  };
}

function beat({ context, fleet, log }: UpkeepOptions): void {
  endExpired(fleet, context.clock());
  const sessions = fleet.sessions();
  for (const session of sessions) session.ping();
  const nodeIds = sessions.map(({ node }) => node.nodeId);
  recordSeen(context, nodeIds).catch((error: unknown) =>
    log.error({ err: error }, "last contact of nodes could not be recorded"),
  );
}

function look({ context, fleet, log }: UpkeepOptions): void {
  endUnwanted(fleet, context.store.db, context.controlPlaneId).catch((error: unknown) =>
    log.error({ err: error }, "it could not be seen which nodes are still wanted"),
  );
}

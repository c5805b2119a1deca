import type { HandshakeReport } from "@tcm/api-contract";
import type { FastifyBaseLogger } from "fastify";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { enrolledEngine } from "../operations/edge-nodes/enrol-node.ts";
import { recordHandshakes } from "../operations/handshakes/record-handshakes.ts";
import {
  type NodeReport,
  recordGoodbye,
  recordHello,
  recordReports,
} from "../operations/activations/record-reports.ts";
import type { SessionTable } from "./session-table.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { NodeSession, SessionEvents } from "./node-session.ts";
import { reportQueue } from "./report-queue.ts";

type Surroundings = {
  readonly context: DeploymentContext;
  readonly fleet: SessionTable;
  readonly manifest: ManifestCache;
  readonly log: FastifyBaseLogger;
};

/** A restarting control plane is back within seconds. */
export const comeBackMs = 500;
const notableSkewSeconds = 60;
const wrongEngineMs = 60_000;
/** Of one node: half a megabyte at their longest. */
const maxReportsWaiting = 256;
/** Nothing is lost meanwhile, and a store that fails is not to be asked at once by everybody. */
const handshakeRetryMs = 5_000;

/** Writes down what nodes say. `goodbyes`: resolves when the ends of all sessions are written. */
export function sessionEvents({ context, fleet, manifest, log }: Surroundings) {
  const queue = reportQueue<NodeReport>({
    record: (reports) => recordReports(context, reports),
    sourceOf: ({ node }) => node.nodeId,
    maxWaitingOfSource: maxReportsWaiting,
    onFault: (error, reports) => {
      log.error({ err: error }, "reports of nodes could not be recorded");
      // Their next hello says it all again.
      const nodes = new Set(reports.map(({ node }) => node.nodeId));
      for (const session of fleet.sessions())
        if (nodes.has(session.node.nodeId)) session.end("Reports were lost.", comeBackMs);
    },
  });
  const handshakes = handshakeQueue(context, log);
  let goodbyes = Promise.resolve();
  const events: SessionEvents = {
    onHello: async (session, hello) => {
      await queue.idle();
      const { nodeId, clockSkewSeconds } = session.node;
      const engine = await enrolledEngine(context.store.db, nodeId);
      if (engine !== hello.engine) return refuseEngine(session, engine, hello.engine);
      await recordHello(context, session.node, hello, session.node);
      if (Math.abs(clockSkewSeconds ?? 0) > notableSkewSeconds)
        log.warn({ nodeId, clockSkewSeconds }, "the clock of a node is off");
      // The node may come from another process that knew of a change before this one: it must not be told what was before it.
      await manifest.refresh(session.node.network);
      fleet.add(session);
      log.info({ nodeId, engine: hello.engine, entries: hello.entries.length }, "node connected");
    },
    onReport: (node, report) => {
      // A thousand nodes say three things each about every change: the store has it all.
      const level = report.state === "rejected" ? "warn" : "debug";
      const { entryId, generation, state, rejection } = report;
      log[level]({ nodeId: node.nodeId, entryId, generation, state, rejection }, "node report");
      return queue.push({ node, report });
    },
    onHandshakes: (session, report) => void handshakes.push({ session, report }),
    onClose: (session, reason) => {
      fleet.remove(session);
      log.info({ nodeId: session.node.nodeId, reason }, "node disconnected");
      goodbyes = goodbyes
        .then(() => recordGoodbye(context, session.node))
        .catch((error: unknown) => log.error({ err: error }, "the end of a session could not be recorded"));
    },
  };
  return { ...events, queue, handshakes, goodbyes: () => goodbyes };
}

/** What counts as proof, and who is expected to prove it, depends on the engine: it is not the node's to change. */
function refuseEngine(session: NodeSession, enrolled: string | undefined, said: string): void {
  const { nodeId, network } = session.node;
  const command = `tcm edge token --network ${network.toLowerCase()} --engine ${said} --node ${nodeId}`;
  const remedy = `make a join token with "${command}", and enrol it again`;
  session.end(`This node joined with ${enrolled}, and its agent serves with ${said}: ${remedy}.`, wrongEngineMs);
}

type SaidHandshakes = { readonly session: NodeSession; readonly report: HandshakeReport };

/** A node hears that its report was taken once it is on disk; until then it has it, and says it again in its next session. */
function handshakeQueue(context: DeploymentContext, log: FastifyBaseLogger) {
  return reportQueue<SaidHandshakes>({
    sourceOf: ({ session }) => session.node.nodeId,
    // A session says no more of them before the last ones were taken.
    maxWaitingOfSource: Number.POSITIVE_INFINITY,
    record: async (said) => {
      await recordHandshakes(
        context,
        said.map(({ session: { node }, report }) => ({ node, report })),
      );
      for (const { session, report } of said) session.handshakesTaken(report);
    },
    onFault: (error, said) => {
      log.error({ err: error }, "handshakes that nodes saw could not be recorded");
      for (const { session } of said) session.end("Handshakes could not be recorded.", handshakeRetryMs);
    },
  });
}

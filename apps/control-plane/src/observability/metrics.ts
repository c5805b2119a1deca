import { type HandshakeReport, handshakeOutcomes } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EndedActivation } from "../operations/deployment-context.ts";
import type { OpenedTrust } from "../operations/edge-certificates/open-trust.ts";

/** A request that was answered. */
export type AnsweredRequest = {
  readonly method: string;
  /** The template, never the path: `undefined` where no route answers. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
  /** A stream lasts as long as its reader likes, which says nothing about the server. */
  readonly isStream: boolean;
};

/**
 * What is counted while things happen. Labels are templates, networks, states and the like, never what a caller or a node chose:
 * the number of series is bounded, and nothing of what is managed can be read from them.
 */
export type Metrics = {
  readonly registry: Registry;
  requestAnswered(request: AnsweredRequest): void;
  activationEnded(ended: EndedActivation): void;
  trustOpened(opened: OpenedTrust): void;
  handshakesTaken(network: Network, report: HandshakeReport): void;
  transactionEnded(outcome: "committed" | "failed", seconds: number): void;
};

const knownMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** A synchronous commit takes about a millisecond on a good disk, and a tenth of a second on a bad one. */
const transactionBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** Seconds, up to a deadline of a day. */
const activationBuckets = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 600, 3_600, 86_400];

/** A registry of its own for each control plane, with the measurements of the process: memory, processor, event loop, collector. */
export function openMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { build, requests, requestDurations, transactions, activations, openings, handshakes, handshakesLost } =
    openSeries([registry]);
  build.set({ version, node: process.versions.node }, 1);
  return {
    registry,
    handshakesTaken: (network, { counts, lost }) => {
      for (const { outcome, count } of counts) handshakes.inc({ network, outcome }, count);
      handshakesLost.inc({ network }, lost);
    },
    trustOpened: (opened) => {
      for (const { effect } of opened.openings) openings.inc({ effect });
    },
    requestAnswered: ({ method: sent, route = "none", status, seconds, isStream }) => {
      const method = knownMethods.has(sent) ? sent : "other";
      requests.inc({ method, route, status });
      if (!isStream) requestDurations.observe({ method, route }, seconds);
    },
    activationEnded: ({ network, outcome, durationMs }) =>
      activations.observe({ network, outcome }, durationMs / 1_000),
    transactionEnded: (outcome, seconds) => transactions.observe({ outcome }, seconds),
  };
}

type Series = ReturnType<typeof describeSeries>;

/** The first failure is a rise from 0, and not a series that was not there before. */
function openSeries(registers: Registry[]): Series {
  const series = describeSeries(registers);
  const { activations, openings, handshakes, handshakesLost } = series;
  for (const effect of ["unbound", "observed"]) openings.inc({ effect }, 0);
  for (const network of networks) {
    for (const outcome of ["complete", "failed", "cancelled"]) activations.zero({ network, outcome });
    for (const outcome of handshakeOutcomes) handshakes.inc({ network, outcome }, 0);
    handshakesLost.inc({ network }, 0);
  }
  return series;
}

/** A table: one entry for each metric. */
function describeSeries(registers: Registry[]) {
  return {
    build: new Gauge({
      name: "tcm_build_info",
      help: "Always 1; the labels say what runs.",
      labelNames: ["version", "node"],
      registers,
    }),
    requests: new Counter({
      name: "tcm_http_requests_total",
      help: "Requests answered, by template of the route.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    requestDurations: new Histogram({
      name: "tcm_http_request_duration_seconds",
      help: "From the headers of a request to the end of its answer; streams of events left out.",
      labelNames: ["method", "route"],
      buckets: requestBuckets,
      registers,
    }),
    transactions: new Histogram({
      name: "tcm_store_transaction_duration_seconds",
      help: "Transactions of the store until they are on disk, waiting and repetitions included.",
      labelNames: ["outcome"],
      buckets: transactionBuckets,
      registers,
    }),
    activations: new Histogram({
      name: "tcm_activation_duration_seconds",
      help: "Activations and deactivations that this process ended, from their beginning to their end.",
      labelNames: ["network", "outcome"],
      buckets: activationBuckets,
      registers,
    }),
    openings: new Counter({
      name: "tcm_trust_openings_total",
      help: "Hostnames that somebody confirmed to be guarded less than before: unbound, or let in without an accepted certificate.",
      labelNames: ["effect"],
      registers,
    }),
    handshakes: new Counter({
      name: "tcm_edge_handshakes_total",
      help: "Handshakes that edges saw, as this process took them; removed-anchor: of clients that a removal cut off.",
      labelNames: ["network", "outcome"],
      registers,
    }),
    handshakesLost: new Counter({
      name: "tcm_edge_handshakes_lost_total",
      help: "Handshakes that edges saw and had no room to count.",
      labelNames: ["network"],
      registers,
    }),
  };
}

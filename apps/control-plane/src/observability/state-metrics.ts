import { type Network, networks } from "@tcm/core";
import { Gauge, type Registry } from "prom-client";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { countNodes, countRunning, type NetworkCounts } from "./network-counts.ts";

/** Nodes that are told of a change, that wait for it, and that let their time pass. */
type WindowCounts = { readonly inFlight: number; readonly waiting: number; readonly behind: number };

/** What is looked at when somebody asks. */
export type StateSources = {
  readonly context: DeploymentContext;
  readonly reportsWaiting: () => number;
  /** Of the nodes that are connected to this process. */
  readonly windowOf: (network: Network) => WindowCounts;
};

/** Registers the gauges of what is now. Those of the store are the same from every control plane on it: take the maximum. */
export function registerState(registry: Registry, { context, reportsWaiting, windowOf }: StateSources): void {
  const { validation } = context;
  const { gauge, perNetwork } = gaugesIn(registry);
  gauge("tcm_node_reports_waiting", "Reports of nodes that are not in the store yet.", reportsWaiting);
  gauge("tcm_validations_waiting", "Questions that wait for the validation thread.", () => validation.load().waiting);
  gauge("tcm_validation_busy", "1 while the validation thread works.", () => (validation.load().isBusy ? 1 : 0));
  for (const { name, help, read } of windowGauges)
    perNetwork(name, `Connected here; ${help}.`, async () => ({
      STAGING: read(windowOf("STAGING")),
      PRODUCTION: read(windowOf("PRODUCTION")),
    }));
  const nodes = shared(() => countNodes(context));
  perNetwork("tcm_activations_running", "Activations and deactivations under way.", () => countRunning(context));
  perNetwork("tcm_nodes_expected", "Enrolled nodes that are not drained.", async () => (await nodes()).expected);
  perNetwork("tcm_nodes_connected", "Of those expected.", async () => (await nodes()).connected);
  perNetwork("tcm_nodes_drifted", "Of those expected: not proved to serve what they should.", async () => {
    return (await nodes()).drifted;
  });
}

const windowGauges: readonly {
  readonly name: string;
  readonly help: string;
  readonly read: (counts: WindowCounts) => number;
}[] = [
  {
    name: "tcm_nodes_waiting",
    help: "they will be told of a change when it is their turn",
    read: ({ waiting }) => waiting,
  },
  {
    name: "tcm_nodes_told",
    help: "they were told of a change and have not applied it yet",
    read: ({ inFlight }) => inFlight,
  },
  {
    name: "tcm_nodes_behind",
    help: "they did not apply a change in time and have not answered since",
    read: ({ behind }) => behind,
  },
];

/** Gauges that are read when somebody asks for the metrics. */
function gaugesIn(registry: Registry) {
  const gauge = (name: string, help: string, read: () => number): void => {
    registry.registerMetric(new Gauge({ name, help, registers: [], collect: show }));
    function show(this: Gauge): void {
      this.set(read());
    }
  };
  const perNetwork = (name: string, help: string, read: () => Promise<NetworkCounts>): void => {
    registry.registerMetric(new Gauge({ name, help, labelNames: ["network"], registers: [], collect: show }));
    async function show(this: Gauge): Promise<void> {
      // Nothing rather than what was true some time ago: the store may not answer.
      const counts = await read().catch(() => undefined);
      this.reset();
      if (counts !== undefined) for (const network of networks) this.set({ network }, counts[network]);
    }
  };
  return { gauge, perNetwork };
}

/** Three gauges of one answer, and several readers at a time, ask once. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > sharedMs) last = { answer: ask(), at: now };
    return last.answer;
  };
}

/** Less than the shortest interval that anybody scrapes at. */
const sharedMs = 500;

import type { ActivationView, CaSetView, EdgeNodeView, OverviewView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";

/** What one look at everything finds. */
export type Status = {
  readonly caSets: readonly CaSetStatus[];
  /** With those entries alone that they have not proved. */
  readonly edgeNodes: readonly EdgeNodeView[];
  /** Of active versions, the soonest first. */
  readonly expiringCertificates: OverviewView["expiringCertificates"];
};

export type CaSetStatus = {
  readonly caSet: CaSetView;
  /** The last one on each network. */
  readonly activations: readonly ActivationView[];
};

export async function readStatus(client: ApiClient): Promise<Status> {
  const [{ caSets }, { lastActivations, expiringCertificates }, { edgeNodes }] = await Promise.all([
    client.call("listCaSets"),
    client.call("getOverview"),
    client.call("listEdgeNodes", { query: { entries: "drifted" } }),
  ]);
  const bySet = Map.groupBy(lastActivations, ({ caSetId }) => caSetId);
  return {
    caSets: caSets.map((caSet) => ({ caSet, activations: bySet.get(caSet.caSetId) ?? [] })),
    edgeNodes,
    expiringCertificates,
  };
}

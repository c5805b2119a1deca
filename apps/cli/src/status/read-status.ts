import type { ActivationView, CaSetView, EdgeNodeView, VersionView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import { listActivations } from "../deployment/list-activations.ts";

/** What one look at everything finds. */
export type Status = {
  readonly caSets: readonly CaSetStatus[];
  readonly edgeNodes: readonly EdgeNodeView[];
};

export type CaSetStatus = {
  readonly caSet: CaSetView;
  /** Newest first. */
  readonly activations: readonly ActivationView[];
  /** Active on at least one network, with their certificates. */
  readonly activeVersions: readonly VersionView[];
};

/** Sets asked about at the same time: there may be 200. */
const atOnce = 8;

export async function readStatus(client: ApiClient): Promise<Status> {
  const { caSets } = await client.call("listCaSets");
  const read: CaSetStatus[] = [];
  for (let i = 0; i < caSets.length; i += atOnce)
    read.push(...(await Promise.all(caSets.slice(i, i + atOnce).map((caSet) => readCaSet(client, caSet)))));
  return { caSets: read, edgeNodes: (await client.call("listEdgeNodes")).edgeNodes };
}

async function readCaSet(client: ApiClient, caSet: CaSetView): Promise<CaSetStatus> {
  if (caSet.latestVersion === null) return { caSet, activations: [], activeVersions: [] };
  const activations = await listActivations(client, caSet);
  const isActive = caSet.stagingVersion !== null || caSet.productionVersion !== null;
  const { versions: activeVersions } = isActive
    ? await client.call("listVersions", {
        params: caSet,
        query: { activeVersionsOnly: true, includeCertificates: true },
      })
    : { versions: [] };
  return { caSet, activations, activeVersions };
}

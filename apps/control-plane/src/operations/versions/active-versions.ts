import type { Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";

/** A version that networks serve. */
export type ActiveVersion = {
  readonly caSetId: number;
  readonly caSetName: string;
  readonly version: number;
  readonly networks: readonly Network[];
};

export type InForce = Awaited<ReturnType<typeof readInForce>>[number];

/** What each network serves of each set, with the activation that put it in force. */
export function readInForce(queries: Queries) {
  return queries
    .selectFrom("ca_set_networks as active")
    .innerJoin("activations", "activations.id", "active.activation_id")
    .innerJoin("ca_sets", "ca_sets.id", "active.ca_set_id")
    .select(["active.ca_set_id", "active.network", "active.active_version as version", "ca_sets.name"])
    .select(["activations.id", "activations.created_by", "activations.created_at", "activations.modified_at"])
    .orderBy("active.ca_set_id")
    .orderBy("active.network")
    .execute();
}

/** A version that is on both networks once. Pure. */
export function activeVersions(inForce: readonly InForce[]): readonly ActiveVersion[] {
  const byVersion = Map.groupBy(inForce, ({ ca_set_id, version }) => `${ca_set_id}/${version}`);
  return [...byVersion.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const { ca_set_id: caSetId, name: caSetName, version } = first;
    return [{ caSetId, caSetName, version, networks: rows.map(({ network }) => network) }];
  });
}

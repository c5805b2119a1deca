import type { Store } from "../../store/store.ts";

/** Heard by every process on the store. */
export const nodesChanged = "nodes-changed";

/** Nodes were removed or have joined anew: sessions of those that were known before end now, wherever they are held. */
export function tellNodesChanged({ signals }: Pick<Store, "signals">): void {
  signals.send(nodesChanged);
}

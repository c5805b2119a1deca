import type { FastifyBaseLogger } from "fastify";
import type { ControlPlaneOptions } from "./control-plane-options.ts";
import { measureStore } from "./observability/measure-store.ts";
import type { Metrics } from "./observability/metrics.ts";
import { forgetConnections } from "./operations/activations/record-reports.ts";
import { giveBackSpace } from "./store/give-back-space.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

const storeDamaged = "the store is damaged: stop this, keep a copy of the data directory, and restore the last backup";

/** The store of this process, measured; `opened` closes it. */
export async function openOwnStore(
  { directory, database, log }: ControlPlaneOptions,
  metrics: Metrics,
  opened: AsyncDisposableStack,
): Promise<Store> {
  const store = measureStore(await openStore(directory, database), metrics);
  opened.defer(() => store.close());
  store.integrity?.onDamage((damage) => log.fatal({ damage }, storeDamaged));
  store.integrity?.onFailure((err) => log.warn({ err }, "the pages of the store could not be looked at"));
  if (database === undefined) await tidyEmbedded(store, log);
  return store;
}

/** One in the directory is this process's alone: no node is connected yet, and nobody waits while its file is written anew. */
async function tidyEmbedded({ db }: Store, log: FastifyBaseLogger): Promise<void> {
  await forgetConnections(db);
  try {
    const bytes = await giveBackSpace(db);
    if (bytes > 0) log.info({ bytes }, "free space of the store was given back to the disk");
  } catch (error) {
    log.warn({ err: error }, "free space of the store could not be given back to the disk");
  }
}

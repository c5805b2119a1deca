import type { Store } from "../store/store.ts";
import type { Metrics } from "./metrics.ts";

/** The same store, whose transactions are timed. */
export function measureStore(store: Store, metrics: Metrics): Store {
  return {
    ...store,
    transaction: async (work) => {
      const begin = performance.now();
      const seconds = (): number => (performance.now() - begin) / 1_000;
      try {
        const result = await store.transaction(work);
        metrics.transactionEnded("committed", seconds());
        return result;
      } catch (error) {
        metrics.transactionEnded("failed", seconds());
        throw error;
      }
    },
  };
}

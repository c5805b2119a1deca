import { versionCertificates } from "../../apps/control-plane/src/operations/versions/version-row.ts";
import type { Store } from "../../apps/control-plane/src/store/store.ts";
import { at, mark, type Subject } from "./subject.ts";

/** As operations use it. */
export function productSubject(store: Store): Subject {
  const activity = { ca_set_id: 1, type: mark, network: null, version: 1, at, by: mark };
  return {
    name: "store",
    write: () =>
      store.transaction(async (queries) => {
        await queries.insertInto("activities").values(activity).execute();
        await queries.insertInto("events").values({ type: mark, data: "{}", at }).execute();
        await queries.updateTable("ca_sets").set({ modified_at: at }).where("id", "=", 1).execute();
      }),
    read: async (caSetId, version) => (await versionCertificates(store.db, caSetId, version)).length,
  };
}

import type { Store } from "../store/store.ts";
import { existingOperatorKey, type OperatorKey, openOperatorKey } from "./operator-key.ts";

/**
 * The operator key of a store. Made only for a store that has nothing sealed yet: beside one that has, a fresh key would open
 * nothing and be taken for the one that got lost.
 */
export async function openKeyOfStore(
  { db }: Pick<Store, "db">,
  directory: string,
  given?: string,
): Promise<OperatorKey> {
  const sealed = await db.selectFrom("signing_keys").select("key_id").limit(1).executeTakeFirst();
  return sealed === undefined ? openOperatorKey(directory, given) : existingOperatorKey(directory, given);
}

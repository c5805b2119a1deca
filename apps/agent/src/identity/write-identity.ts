import type { NodeIdentity } from "@tcm/api-contract";
import { writeDurably } from "../state/write-durably.ts";

/** Mode 0600; the old identity or the new one, whole, whatever happens in between. */
export async function writeIdentity(file: string, identity: NodeIdentity): Promise<void> {
  await writeDurably(file, `${JSON.stringify(identity, undefined, 2)}\n`);
}

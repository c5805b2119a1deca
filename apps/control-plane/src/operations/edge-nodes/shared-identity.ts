import { recordAudit } from "../../audit/record-audit.ts";
import { transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import type { AuthenticatedNode } from "./enrol-node.ts";
import { recordEvent } from "../history/record-event.ts";

/** Two agents keep taking one node's place from each other: its identity was copied, or stolen. */
export async function recordSharedIdentity(
  { store, clock }: Pick<OperationContext, "store" | "clock">,
  { nodeId, network }: AuthenticatedNode,
): Promise<void> {
  await transaction(store, async (queries) => {
    const at = timestamp(clock());
    await recordEvent(queries, { type: "edge-node", nodeId, network, change: "identity-shared" }, at);
    const subject = { nodeId, network };
    await recordAudit(queries, { at, by: `node ${nodeId}`, action: "SHARE_NODE_IDENTITY", subject });
  });
}

import type { DeletionStatusView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { deletionRows, presentDeletion } from "./ca-set-deletion-row.ts";
import { findCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { done, refuse } from "../refuse.ts";

/** How far the deletion of a set has come; 400 as mETS has it when nobody ever asked for one. */
export async function getDeletionStatus(
  { store: { db } }: OperationContext,
  caSetId: number,
): Promise<Outcome<DeletionStatusView>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const rows = await deletionRows(db, caSetId);
  if (rows.length > 0) return done(await presentDeletion(db, found.value, rows));
  return refuse("no-active-cert-deletions", `Nobody has asked to delete CA set ${found.value.name}.`, {
    contextInfo: { caSetId: String(caSetId) },
  });
}

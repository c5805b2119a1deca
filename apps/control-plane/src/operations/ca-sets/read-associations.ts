import type { AssociationsView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { findCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { boundEdgeCertificates, enrollmentsOf } from "../edge-certificates/edge-certificate-row.ts";
import { done } from "../refuse.ts";

export type AssociationType = "enrollments" | "properties";

/** Who depends on the set. A side that was not asked for is null; without a wish both are shown. */
export async function listAssociations(
  { store: { db } }: OperationContext,
  caSetId: number,
  wanted: AssociationType | undefined,
): Promise<Outcome<AssociationsView>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const enrollments = wanted === "properties" ? null : enrollmentsOf(await boundEdgeCertificates(db, caSetId));
  const properties = wanted === "enrollments" ? null : [];
  return done({ associations: { properties, enrollments } });
}

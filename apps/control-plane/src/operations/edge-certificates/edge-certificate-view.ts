import type { EdgeCertificateView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { type BindingProgress, bindingProgress } from "./edge-certificate-progress.ts";
import { type EdgeCertificateRow, edgeCertificateRows } from "./edge-certificate-row.ts";
import { fitsIfMatch } from "../if-match.ts";
import { edgeCertificateLink } from "../link.ts";
import { done, type Refusal, refuse } from "../refuse.ts";

/** Changes with every write: each is a new generation on both networks. */
export function edgeCertificateTag(
  view: Pick<EdgeCertificateView, "edgeCertificateId" | "staging" | "production">,
): string {
  return `"e${view.edgeCertificateId}-${view.staging.generation}-${view.production.generation}"`;
}

/** Why a change is refused that was made to what is no longer there; undefined when `ifMatch` fits or is absent. */
export function refuseStaleEdgeCertificate(
  view: EdgeCertificateView,
  ifMatch: string | undefined,
): Refusal | undefined {
  if (fitsIfMatch(ifMatch, edgeCertificateTag(view))) return undefined;
  const { edgeCertificateId, edgeCertificateLink: link } = view;
  return refuse(
    "precondition-failed",
    `Edge certificate ${edgeCertificateId} was changed in the meantime. Read it again and repeat your change.`,
    { contextInfo: { edgeCertificateId, edgeCertificateLink: link } },
  );
}

export async function findEdgeCertificateView(
  queries: Queries,
  id: number,
  at: string,
): Promise<Outcome<EdgeCertificateView>> {
  const [row] = await edgeCertificateRows(queries, id);
  if (row === undefined) return refuseUnknownEdgeCertificate(id);
  const [view] = await presentEdgeCertificates(queries, [row], at);
  if (view === undefined) throw new Error(`edge certificate ${id} belongs to no set`);
  return done(view);
}

function refuseUnknownEdgeCertificate(id: number): Refusal {
  return refuse("edge-certificate-not-found", `There is no edge certificate ${id}.`, {
    contextInfo: { edgeCertificateId: id },
  });
}

/** As they are now. */
export async function presentEdgeCertificates(
  queries: Queries,
  rows: readonly EdgeCertificateRow[],
  at: string,
): Promise<readonly EdgeCertificateView[]> {
  const ids = rows.map(({ id }) => id);
  const sets = await queries
    .selectFrom("edge_certificates")
    .innerJoin("ca_sets", "ca_sets.id", "edge_certificates.ca_set_id")
    .select(["edge_certificates.id", "ca_sets.name"])
    .where("edge_certificates.id", "in", ids)
    .execute();
  const nameOf = new Map(sets.map(({ id, name }) => [id, name]));
  const progress = await bindingProgress(queries, ids, at);
  return rows.flatMap((row) => {
    const name = nameOf.get(row.id);
    return name === undefined ? [] : [presentEdgeCertificate(row, name, progress)];
  });
}

function presentEdgeCertificate(
  row: EdgeCertificateRow,
  caSetName: string,
  progress: BindingProgress,
): EdgeCertificateView {
  return {
    edgeCertificateId: row.id,
    edgeCertificateLink: edgeCertificateLink(row.id),
    hostnames: [...row.hostnames],
    clientAuthentication: {
      caSetId: String(row.ca_set_id),
      caSetName,
      mode: row.mode,
      sendCaListToClient: row.send_ca_list_to_client === 1,
      revocation: "off",
    },
    staging: progress(row.id, "STAGING"),
    production: progress(row.id, "PRODUCTION"),
    createdDate: row.created_at,
    createdBy: row.created_by,
    modifiedDate: row.modified_at,
    modifiedBy: row.modified_by,
  };
}

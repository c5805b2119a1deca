import type { EdgeCertificateView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { bindingProgress } from "./edge-certificate-progress.ts";
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

export async function findEdgeCertificateView(queries: Queries, id: number): Promise<Outcome<EdgeCertificateView>> {
  const [row] = await edgeCertificateRows(queries, id);
  return row === undefined ? refuseUnknownEdgeCertificate(id) : done(await presentEdgeCertificate(queries, row));
}

function refuseUnknownEdgeCertificate(id: number): Refusal {
  return refuse("edge-certificate-not-found", `There is no edge certificate ${id}.`, {
    contextInfo: { edgeCertificateId: id },
  });
}

export async function presentEdgeCertificate(queries: Queries, row: EdgeCertificateRow): Promise<EdgeCertificateView> {
  const { name } = await queries
    .selectFrom("ca_sets")
    .select("name")
    .where("id", "=", row.ca_set_id)
    .executeTakeFirstOrThrow();
  return {
    edgeCertificateId: row.id,
    edgeCertificateLink: edgeCertificateLink(row.id),
    hostnames: [...row.hostnames],
    clientAuthentication: {
      caSetId: String(row.ca_set_id),
      caSetName: name,
      mode: row.mode,
      sendCaListToClient: row.send_ca_list_to_client === 1,
      revocation: "off",
    },
    staging: await bindingProgress(queries, "STAGING", row.id),
    production: await bindingProgress(queries, "PRODUCTION", row.id),
    createdDate: row.created_at,
    createdBy: row.created_by,
    modifiedDate: row.modified_at,
    modifiedBy: row.modified_by,
  };
}

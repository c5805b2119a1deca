import type { Network } from "@tcm/core";
import type { Selectable } from "kysely";
import type { EdgeCertificatesTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";
import { edgeCertificateLink } from "../link.ts";
import { type Refusal, refuse } from "../refuse.ts";

export type EdgeCertificateRow = Selectable<EdgeCertificatesTable> & { readonly hostnames: readonly string[] };

/** All of them, or one, in order of their ids; hostnames ascending. */
export async function edgeCertificateRows(queries: Queries, id?: number): Promise<readonly EdgeCertificateRow[]> {
  let certificates = queries.selectFrom("edge_certificates").selectAll().orderBy("id");
  let names = queries.selectFrom("edge_certificate_hostnames").selectAll().orderBy("hostname");
  if (id !== undefined) {
    certificates = certificates.where("id", "=", id);
    names = names.where("edge_certificate_id", "=", id);
  }
  const rows = await certificates.execute();
  const hostnames = Map.groupBy(await names.execute(), ({ edge_certificate_id }) => edge_certificate_id);
  return rows.map((row) => ({ ...row, hostnames: (hostnames.get(row.id) ?? []).map(({ hostname }) => hostname) }));
}

/** Whose clients the set decides about. */
export async function boundEdgeCertificates(queries: Queries, caSetId: number): Promise<readonly EdgeCertificateRow[]> {
  return (await edgeCertificateRows(queries)).filter(({ ca_set_id }) => ca_set_id === caSetId);
}

/** An enrollment of mETS is an edge certificate here: its first hostname stands for the common name. */
export function enrollmentsOf(bound: readonly EdgeCertificateRow[]) {
  return bound.map(({ id, hostnames }) => ({
    cn: hostnames[0] ?? "",
    enrollmentId: id,
    enrollmentLink: edgeCertificateLink(id),
    stagingSlots: [],
    productionSlots: [],
  }));
}

/** Of one network, or as a whole. */
export function refuseInUse(
  caSet: CaSetRow,
  network: Network | undefined,
  bound: readonly EdgeCertificateRow[],
): Refusal {
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    ...(network !== undefined && { network }),
    associations: { enrollments: enrollmentsOf(bound), properties: [] },
  };
  const names = bound.map(({ id, hostnames }) => `${id} (${hostnames.join(", ")})`).join("; ");
  return refuse(
    "ca-set-in-use-by-enrollments",
    `CA set ${caSet.name} decides about the clients of these edge certificates: ${names}. Bind them to another set or delete them first.`,
    { contextInfo },
  );
}

export function edgeCertificateEntryId(id: number): string {
  return `edge-certificate/${id}`;
}

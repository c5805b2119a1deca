import type { Network } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import type { Queries } from "../../store/store.ts";
import { caSetLink } from "../link.ts";
import { recordEvent } from "./record-event.ts";

export type ActivityType =
  | "CREATE_CA_SET"
  | "RENAME_CA_SET"
  | "DESCRIBE_CA_SET"
  | "CREATE_CA_SET_VERSION"
  | "UPDATE_CA_SET_VERSION"
  | "ACTIVATE_CA_SET_VERSION"
  | "DEACTIVATE_CA_SET_VERSION"
  | "CANCEL_ACTIVATION"
  | "REFUSE_ACTIVATION"
  | "EXCLUDE_NODE"
  | "BIND_EDGE_CERTIFICATE"
  | "UNBIND_EDGE_CERTIFICATE"
  | "CHANGE_EDGE_CERTIFICATE"
  | "DELETE_CA_SET"
  | "DELETE_CA_SET_VERSION"
  | "REMOVE_CA_SET"
  | "REMOVE_CA_SET_VERSION";

export type Activity = {
  readonly caSetId: number;
  readonly type: ActivityType;
  readonly network?: Network;
  readonly version?: number;
  /** On the audit record alone. */
  readonly edgeCertificateId?: number;
  readonly at: string;
  readonly by: string;
};

/** Appends to the record, in the transaction of what it records. */
export async function recordActivity(
  queries: Queries,
  { caSetId, type, network, version, edgeCertificateId, at, by }: Activity,
): Promise<void> {
  const values = { ca_set_id: caSetId, type, network: network ?? null, version: version ?? null, at, by };
  await queries.insertInto("activities").values(values).execute();
  const about = { caSetId: String(caSetId), caSetLink: caSetLink(caSetId) };
  const subject = {
    caSetId: about.caSetId,
    ...(version !== undefined && { version }),
    ...(network !== undefined && { network }),
    ...(edgeCertificateId !== undefined && { edgeCertificateId }),
  };
  const outcome = type === "REFUSE_ACTIVATION" ? "certificate-validation-failure-activate" : "done";
  await recordAudit(queries, { at, by, action: type, subject, outcome });
  const where = { version: version ?? null, network: network ?? null };
  await recordEvent(queries, { type: "ca-set", ...about, activity: type, ...where }, at);
}

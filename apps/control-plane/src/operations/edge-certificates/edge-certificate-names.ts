import { caListBytes, maxCaListBytes } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { listSenders, nodesThatSendNames } from "../activations/ca-names-sent.ts";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";
import { edgeCertificateEntryId } from "./edge-certificate-row.ts";
import { storedCertificates } from "../versions/read-version.ts";
import { type Refusal, refuse } from "../refuse.ts";

export type NamesWish = {
  readonly sendCaListToClient: boolean;
  /** Of the edge certificate; undefined for one that is not there yet. */
  readonly id: number | undefined;
  /** The set is bound now, and was not before. Whoever serves it already can still be told to let more clients in. */
  readonly isNew: boolean;
  readonly at: string;
};

/** Sending the names of a set that is too long for it would fail every handshake, so the binding is refused. */
export async function caListProblem(
  queries: Queries,
  caSet: CaSetRow,
  { sendCaListToClient, id, isNew, at }: NamesWish,
): Promise<Refusal | undefined> {
  for (const { network, version } of await servedVersions(queries, caSet)) {
    const actual = caListBytes(await storedCertificates(queries, caSet.id, version));
    if (actual <= maxCaListBytes) continue;
    const bytes = `The names of all CAs of version ${version} on ${network} take ${actual} bytes in a handshake, and TLS allows ${maxCaListBytes}.`;
    const contextInfo = { network, version, actual, limit: maxCaListBytes };
    if (sendCaListToClient) return refuseWish(bytes, contextInfo);
    if (!isNew) continue;
    const entryIds = id === undefined ? [] : [edgeCertificateEntryId(id)];
    const nodes = await nodesThatSendNames(queries, { network, at }, entryIds);
    if (nodes.length > 0) return refuseForNodes(bytes, { ...contextInfo, nodes, invalidParameterValue: caSet.id });
  }
  return undefined;
}

async function servedVersions(queries: Queries, { id }: CaSetRow) {
  const active = await queries
    .selectFrom("ca_set_networks")
    .select(["network", "active_version as version"])
    .where("ca_set_id", "=", id)
    .execute();
  const coming = await queries
    .selectFrom("activations")
    .select(["network", "version"])
    .where("ca_set_id", "=", id)
    .where("status", "=", "IN_PROGRESS")
    .execute();
  return [...active, ...coming];
}

function refuseWish(bytes: string, contextInfo: Readonly<Record<string, unknown>>): Refusal {
  const parameter = { parameterName: "sendCaListToClient", invalidParameterValue: "true" };
  return refuse("invalid-field", `${bytes} Leave sendCaListToClient off.`, {
    pointer: "/clientAuthentication/sendCaListToClient",
    contextInfo: { ...parameter, ...contextInfo },
  });
}

function refuseForNodes(
  bytes: string,
  { nodes, invalidParameterValue, ...contextInfo }: Readonly<Record<string, unknown>> & { nodes: readonly string[] },
): Refusal {
  const senders = listSenders(nodes.map((nodeId) => `node ${nodeId}`));
  const parameter = { parameterName: "caSetId", invalidParameterValue: String(invalidParameterValue) };
  return refuse("invalid-field", `${bytes} They are sent by ${senders}: let its listeners send no names.`, {
    pointer: "/clientAuthentication/caSetId",
    contextInfo: { ...parameter, ...contextInfo, nodes },
  });
}

import { caListBytes, maxCaListBytes } from "@tcm/core";
import type { Queries } from "../store/store.ts";
import type { CaSetRow } from "./ca-set-row.ts";
import { storedCertificates } from "./read-version.ts";
import { type Refusal, refuse } from "./refuse.ts";

/** Sending the names of a set that is too long for it would fail every handshake, so the binding is refused. */
export async function caListProblem(queries: Queries, caSet: CaSetRow): Promise<Refusal | undefined> {
  const active = await queries
    .selectFrom("ca_set_networks")
    .select(["network", "active_version as version"])
    .where("ca_set_id", "=", caSet.id)
    .execute();
  const coming = await queries
    .selectFrom("activations")
    .select(["network", "version"])
    .where("ca_set_id", "=", caSet.id)
    .where("status", "=", "IN_PROGRESS")
    .execute();
  for (const { network, version } of [...active, ...coming]) {
    const actual = caListBytes(await storedCertificates(queries, caSet.id, version));
    if (actual <= maxCaListBytes) continue;
    return refuse(
      "invalid-field",
      `The names of all CAs of version ${version} on ${network} take ${actual} bytes in a handshake, and TLS allows ${maxCaListBytes}. Leave sendCaListToClient off.`,
      {
        pointer: "/clientAuthentication/sendCaListToClient",
        contextInfo: {
          parameterName: "sendCaListToClient",
          invalidParameterValue: "true",
          network,
          version,
          actual,
          limit: maxCaListBytes,
        },
      },
    );
  }
  return undefined;
}

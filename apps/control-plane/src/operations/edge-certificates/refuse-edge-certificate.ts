import { isIP } from "node:net";
import { hostnameProblem, networks } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { runningActivation } from "../activations/activation-row.ts";
import { activeVersions, type CaSetRow } from "../ca-sets/ca-set-row.ts";
import { caListProblem, type NamesWish } from "./edge-certificate-names.ts";
import { edgeCertificateLink } from "../link.ts";
import { type Refusal, refuse } from "../refuse.ts";
import { refuseRunning } from "../activations/refuse-activation.ts";

/** As they are served and compared: lower case, ascending, each once. */
export function normaliseHostnames(submitted: readonly string[]): readonly string[] {
  return [...new Set(submitted.map((hostname) => hostname.toLowerCase()))].sort();
}

export type ClientAuthenticationWish = {
  readonly sendCaListToClient: boolean;
  readonly revocation: "off" | "crl";
};

/** Why the set cannot decide about clients in that way; undefined when it can. */
export async function refuseClientAuthentication(
  queries: Queries,
  caSet: CaSetRow,
  { sendCaListToClient, revocation }: ClientAuthenticationWish,
  binding: Omit<NamesWish, "sendCaListToClient">,
): Promise<Refusal | undefined> {
  if (revocation !== "off") return refuseRevocation(revocation);
  return (await refuseUnbindable(queries, caSet)) ?? caListProblem(queries, caSet, { sendCaListToClient, ...binding });
}

/** To say yes and check nothing would be worse than to say no. */
function refuseRevocation(value: string): Refusal {
  const detail = `Revocation of client certificates is not checked by this version: "${value}" would promise what no edge does. Leave it off.`;
  return refuse("revocation-not-available", detail, {
    contextInfo: { parameterName: "revocation", invalidParameterValue: value, allowedValues: ["off"] },
    pointer: "/clientAuthentication/revocation",
  });
}

export function refuseHostname(hostnames: readonly string[], submitted: readonly string[]): Refusal | undefined {
  for (const hostname of hostnames) {
    const fault = addressProblem(hostname) ?? hostnameProblem(hostname);
    if (fault === undefined) continue;
    const position = submitted.findIndex((text) => text.toLowerCase() === hostname);
    const pointer = `/hostnames/${position}`;
    const detail = `The hostname ${JSON.stringify(hostname)} cannot be used: ${fault}.`;
    const contextInfo = { parameterName: "hostnames", invalidParameterValue: hostname };
    return refuse("invalid-field", detail, {
      contextInfo,
      pointer,
      errors: [{ type: "invalid-field", title: "Invalid value", detail, pointer }],
    });
  }
  return undefined;
}

/** Clients send no address as server name (RFC 6066 section 3), so that the binding would guard nothing. What nodes have stays. */
function addressProblem(hostname: string): string | undefined {
  return isIP(hostname.replace(/^\[(.*)\]$/, "$1")) === 0
    ? undefined
    : "clients never send an address as server name; give the hostname that they connect to";
}

/** mETS: a new set must be on both networks first, or the certificate's clients would be turned away on one of them. */
async function refuseUnbindable(queries: Queries, caSet: CaSetRow): Promise<Refusal | undefined> {
  const active = await activeVersions(queries, caSet.id);
  const missing = networks.filter((network) => active[network] === undefined);
  if (missing.length > 0) {
    const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, missingNetworks: missing };
    return refuse(
      "ca-set-not-on-both-networks",
      `CA set ${caSet.name} is not active on ${missing.join(" and ")}. Deploy a version there first.`,
      { contextInfo },
    );
  }
  for (const network of networks) {
    const running = await runningActivation(queries, caSet.id, network);
    if (running?.type === "DEACTIVATE") return refuseRunning(caSet, running);
  }
  return undefined;
}

/** `by` is the edge certificate that may have them already. */
export async function refuseTakenHostname(
  queries: Queries,
  hostnames: readonly string[],
  by = 0,
): Promise<Refusal | undefined> {
  const taken = await queries
    .selectFrom("edge_certificate_hostnames")
    .selectAll()
    .where("hostname", "in", hostnames)
    .where("edge_certificate_id", "!=", by)
    .orderBy("hostname")
    .executeTakeFirst();
  if (taken === undefined) return undefined;
  const { hostname, edge_certificate_id: edgeCertificateId } = taken;
  return refuse(
    "hostname-already-bound",
    `${hostname} belongs to edge certificate ${edgeCertificateId}. A hostname belongs to one only.`,
    { contextInfo: { hostname, edgeCertificateId, edgeCertificateLink: edgeCertificateLink(edgeCertificateId) } },
  );
}

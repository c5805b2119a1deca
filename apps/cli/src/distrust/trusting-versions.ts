import { type Certificate, formatName, type Network, type TrustingMember, trustingMembers } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { ApiClient } from "../client/api-client.ts";
import { parseCertificates } from "../verify/read-certificates.ts";

/** A version that a network serves, and the members through which it lets in a CA's clients. */
export type TrustingVersion = VersionInForce & {
  readonly through: readonly {
    readonly subject: string;
    /** SHA-256, lower-case hex. */
    readonly fingerprint: string;
    readonly as: TrustingMember["as"];
  }[];
};

export type VersionInForce = {
  readonly caSetId: string;
  readonly caSetName: string;
  readonly version: number;
  readonly networks: readonly Network[];
};

/** What networks serve; a version that both serve once. */
export async function versionsInForce(client: ApiClient): Promise<readonly VersionInForce[]> {
  const [{ inForce }, { caSets }] = await Promise.all([client.call("getOverview"), client.call("listCaSets")]);
  const names = new Map(caSets.map(({ caSetId, caSetName }) => [caSetId, caSetName]));
  const versions = Map.groupBy(inForce, ({ caSetId, version }) => `${caSetId}@${version}`);
  return [...versions.values()].flatMap((places) => {
    const [first] = places;
    if (first === undefined) return [];
    const { caSetId, version } = first;
    // A set that is being deleted may be served still, and be in no list.
    const caSetName = names.get(caSetId) ?? caSetId;
    return [{ caSetId, caSetName, version, networks: places.map(({ network }) => network) }];
  });
}

/** Undefined: it lets in none of the CA's clients, who may send the certificates of `sent`. */
export async function askVersion(
  client: ApiClient,
  version: VersionInForce,
  ca: Certificate,
  sent: readonly Certificate[],
): Promise<TrustingVersion | undefined> {
  const bundle = await client.call("getBundle", { params: version });
  const { certificates } = parseCertificates([{ name: version.caSetName, text: bundle }]);
  const through = trustingMembers(ca, sent, certificates, nodeCrypto);
  if (through.length === 0) return undefined;
  const named = through.map(({ member: { subject, fingerprint }, as }) => ({
    subject: formatName(subject),
    fingerprint,
    as,
  }));
  return { ...version, through: named };
}

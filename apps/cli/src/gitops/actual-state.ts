import type { CaSetView, EdgeCertificateView, VersionView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import type { DesiredState } from "./desired-state.ts";

export type ActualCaSet = {
  readonly caSet: CaSetView;
  /** With their certificates, newest first; read for the sets of the document alone. */
  readonly versions: readonly VersionView[];
};

export type ActualState = {
  readonly caSets: ReadonlyMap<string, ActualCaSet>;
  readonly edgeCertificates: readonly EdgeCertificateView[];
};

export async function readActualState(client: ApiClient, desired: DesiredState): Promise<ActualState> {
  const { caSets } = await client.call("listCaSets");
  const wanted = new Set(desired.caSets.map(({ name }) => name));
  const read = new Map<string, ActualCaSet>();
  for (const caSet of caSets) {
    const query = { includeCertificates: true };
    const isWanted = wanted.has(caSet.caSetName);
    const { versions } = isWanted ? await client.call("listVersions", { params: caSet, query }) : { versions: [] };
    read.set(caSet.caSetName, { caSet, versions });
  }
  const { edgeCertificates } = await client.call("listEdgeCertificates");
  return { caSets: read, edgeCertificates };
}

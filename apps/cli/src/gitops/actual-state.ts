import type { ActivationView, CaSetView, EdgeCertificateView, VersionView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import { listActivations } from "../deployment/list-activations.ts";
import type { DesiredCaSet, DesiredState } from "./desired-state.ts";
import { isEqual } from "./version-equality.ts";

export type ActualCaSet = {
  readonly caSet: CaSetView;
  /** With their certificates, newest first: as many as have to be compared. Read for the sets of the document alone. */
  readonly versions: readonly VersionView[];
  /** What was ever deployed, newest first; likewise. */
  readonly activations: readonly ActivationView[];
};

export type ActualState = {
  readonly caSets: ReadonlyMap<string, ActualCaSet>;
  readonly edgeCertificates: readonly EdgeCertificateView[];
};

export async function readActualState(client: ApiClient, desired: DesiredState): Promise<ActualState> {
  const { caSets } = await client.call("listCaSets");
  const wanted = new Map(desired.caSets.map((set) => [set.name, set]));
  const read = new Map<string, ActualCaSet>();
  for (const caSet of caSets) {
    const set = wanted.get(caSet.caSetName);
    read.set(caSet.caSetName, set === undefined ? unread(caSet) : await readCaSet(client, caSet, set));
  }
  const { edgeCertificates } = await client.call("listEdgeCertificates");
  return { caSets: read, edgeCertificates };
}

async function readCaSet(client: ApiClient, caSet: CaSetView, set: DesiredCaSet): Promise<ActualCaSet> {
  const activations = await listActivations(client, caSet);
  return { caSet, versions: await readVersions(client, caSet, set), activations };
}

/** What is active and the latest; all of them, which may be a hundred, only where none of these is what is wanted. */
async function readVersions(client: ApiClient, caSet: CaSetView, set: DesiredCaSet): Promise<readonly VersionView[]> {
  const { latestVersion } = caSet;
  if (latestVersion === null) return [];
  const query = { includeCertificates: true };
  const { versions: active } = await client.call("listVersions", {
    params: caSet,
    query: { ...query, activeVersionsOnly: true },
  });
  const hasLatest = active.some(({ version }) => version === latestVersion);
  const latest = hasLatest ? [] : [await client.call("getVersion", { params: { ...caSet, version: latestVersion } })];
  const known = [...latest, ...active];
  if (known.some((version) => isEqual(set, version))) return known;
  return (await client.call("listVersions", { params: caSet, query })).versions;
}

function unread(caSet: CaSetView): ActualCaSet {
  return { caSet, versions: [], activations: [] };
}

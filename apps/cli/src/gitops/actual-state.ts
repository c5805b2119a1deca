import type { ActivationView, CaSetView, EdgeCertificateView, VersionView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import { listActivations } from "../deployment/list-activations.ts";
import type { DesiredState } from "./desired-state.ts";

export type ActualCaSet = {
  readonly caSet: CaSetView;
  /** With their certificates, newest first; read for the sets of the document alone. */
  readonly versions: readonly VersionView[];
  /** Deployments that are under way; likewise. */
  readonly running: readonly ActivationView[];
};

export type ActualState = {
  readonly caSets: ReadonlyMap<string, ActualCaSet>;
  readonly edgeCertificates: readonly EdgeCertificateView[];
};

export async function readActualState(client: ApiClient, desired: DesiredState): Promise<ActualState> {
  const { caSets } = await client.call("listCaSets");
  const wanted = new Set(desired.caSets.map(({ name }) => name));
  const read = new Map<string, ActualCaSet>();
  for (const caSet of caSets)
    read.set(caSet.caSetName, wanted.has(caSet.caSetName) ? await readCaSet(client, caSet) : unread(caSet));
  const { edgeCertificates } = await client.call("listEdgeCertificates");
  return { caSets: read, edgeCertificates };
}

async function readCaSet(client: ApiClient, caSet: CaSetView): Promise<ActualCaSet> {
  const query = { includeCertificates: true };
  const { versions } = await client.call("listVersions", { params: caSet, query });
  const running = (await listActivations(client, caSet)).filter(
    ({ activationStatus }) => activationStatus === "IN_PROGRESS",
  );
  return { caSet, versions, running };
}

function unread(caSet: CaSetView): ActualCaSet {
  return { caSet, versions: [], running: [] };
}

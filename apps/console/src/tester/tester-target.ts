import type { VersionView } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import { networkName } from "../text/network-name.ts";

/** What decides: a version, deployed or not, or what runs on a network. As it stands in the address. */
export type TesterSearch = { readonly caSetId?: string; readonly version?: number; readonly network?: Network };

export function readTesterSearch(search: Readonly<Record<string, unknown>>): TesterSearch {
  const { caSetId, version, network } = search;
  const id = typeof caSetId === "number" ? String(caSetId) : caSetId;
  return {
    ...(typeof id === "string" && /^\d{1,10}$/.test(id) && { caSetId: id }),
    ...(typeof version === "number" && Number.isInteger(version) && version > 0 && { version }),
    ...(networks.some((one) => one === network) && { network: network as Network }),
  };
}

export type Target = { readonly value: string; readonly label: string; readonly search: TesterSearch };
type Version = Pick<VersionView, "version" | "stagingStatus" | "productionStatus">;

/** What may be asked, networks first, then the versions with the newest at the top. Pure. */
export function targetsOf(caSetId: string, versions: readonly Version[]): readonly Target[] {
  const running = networks.flatMap((network) => {
    const active = versions.find((one) => statusOn(one, network) === "ACTIVE");
    if (active === undefined) return [];
    const label = `What runs on ${networkName[network]}: version ${active.version}`;
    return [{ value: network, label, search: { caSetId, network } }];
  });
  const each = versions
    .toSorted((a, b) => b.version - a.version)
    .map(({ version }) => ({ value: String(version), label: `Version ${version}`, search: { caSetId, version } }));
  return [...running, ...each];
}

/** Of two windows each says by which set it decides; the first words are those of the page. Pure. */
export function testerTitle(caSetName: string | undefined): string {
  return caSetName === undefined ? "Try a client certificate" : `Try a client certificate: ${caSetName}`;
}

/** What the address asks for, or else what clients meet: what production runs, or staging; for a set that is on neither, the newest. */
export function chosenTarget(targets: readonly Target[], { version, network }: TesterSearch): Target | undefined {
  const wanted = [network ?? (version === undefined ? undefined : String(version)), "PRODUCTION", "STAGING"];
  return wanted.flatMap((one) => targets.filter(({ value }) => value === one))[0] ?? targets[0];
}

function statusOn({ stagingStatus, productionStatus }: Version, network: Network): string {
  return network === "STAGING" ? stagingStatus : productionStatus;
}

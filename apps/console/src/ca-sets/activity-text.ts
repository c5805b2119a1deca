import type { ActivityListView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { networkName } from "../text/network-name.ts";

type Activity = ActivityListView["activities"][number];

/** "activate ca set version 3 on staging": the words of mETS, as people write. Pure. */
export function activityText(type: string, version: number | null, network: Network | null): string {
  const words = type.toLowerCase().replaceAll("_", " ");
  return `${words}${version === null ? "" : ` ${version}`}${network === null ? "" : ` on ${networkName[network].toLowerCase()}`}`;
}

/** Those in whose text or maker the words are. Pure. */
export function activityRows(activities: readonly Activity[], words: string): readonly Activity[] {
  const wanted = words.trim().toLowerCase();
  return activities.filter(({ type, version, network, activityBy }) =>
    [activityText(type, version, network), activityBy].some((text) => text.toLowerCase().includes(wanted)),
  );
}

import type { ActivityListView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { wordsOf } from "../audit/action-words.ts";
import { networkName } from "../text/network-name.ts";

type Activity = ActivityListView["activities"][number];

/** Of activities about one version; those about the whole set read as on the audit record. */
const aboutVersion: Readonly<Record<string, (version: string) => string>> = {
  CREATE_CA_SET_VERSION: (version) => `created ${version}`,
  UPDATE_CA_SET_VERSION: (version) => `changed ${version}`,
  DELETE_CA_SET_VERSION: (version) => `deleted ${version}`,
  REMOVE_CA_SET_VERSION: (version) => `removed the deleted ${version} for good`,
  ACTIVATE_CA_SET_VERSION: (version) => `began to deploy ${version}`,
  DEACTIVATE_CA_SET_VERSION: (version) => `began to withdraw ${version}`,
  CANCEL_ACTIVATION: (version) => `cancelled the deployment of ${version}`,
  REFUSE_ACTIVATION: (version) => `was refused the deployment of ${version}`,
  EXCLUDE_NODE: (version) => `took a node out of the deployment of ${version}`,
};

/** "began to deploy version 3 on staging": what stands after the name of who did it. Pure. */
export function activityText(type: string, version: number | null, network: Network | null): string {
  // Recorded once the nodes of the network have proved it.
  if (type === "DELETE_CA_SET" && network !== null) return `deleted the set on ${networkName[network].toLowerCase()}`;
  const told = `version ${version}`;
  const what = version === null ? wordsOf(type) : (aboutVersion[type]?.(told) ?? `${wordsOf(type)}: ${told}`);
  return network === null ? what : `${what} on ${networkName[network].toLowerCase()}`;
}

/** Those in whose text or maker the words are. Pure. */
export function activityRows(activities: readonly Activity[], words: string): readonly Activity[] {
  const wanted = words.trim().toLowerCase();
  return activities.filter(({ type, version, network, activityBy }) =>
    [activityText(type, version, network), activityBy].some((text) => text.toLowerCase().includes(wanted)),
  );
}

import { type ClientAuthenticationMode, trialHostname, wildcardOf } from "@tcm/core";
import type { ServedSet, ServedState } from "./served-state.ts";

/** What one server name stands for at one moment. */
export type Site = {
  /** As configured: the name itself or its wildcard. Server certificate and TLS context are kept by it. */
  readonly hostname: string;
  /** Trial names answer themselves and never proxy. */
  readonly trial: boolean;
  readonly caSetId: string;
  readonly mode: ClientAuthenticationMode;
  readonly sendCaListToClient: boolean;
  /** undefined: the set is not active here, and nobody is accepted. */
  readonly set: ServedSet | undefined;
};

/** Exact names first, then the one wildcard that could match; among the exact ones the trial names of active sets. */
export function findSite(state: ServedState, serverName: string): Site | undefined {
  const sites = sitesOf(state);
  const name = serverName.toLowerCase();
  return sites.get(name) ?? sites.get(wildcardOf(name) ?? "");
}

type Sites = ReadonlyMap<string, Site>;

const known = new WeakMap<ServedState, Sites>();

/** Asked several times for every connection, and the same for as long as the same is served. */
function sitesOf(state: ServedState): Sites {
  const before = known.get(state);
  if (before !== undefined) return before;
  const sites = new Map([...state.sets].map(([caSetId, set]) => [trialHostname(caSetId), trialSite(caSetId, set)]));
  for (const [hostname, { caSetId, mode, sendCaListToClient }] of state.hostnames) {
    sites.set(hostname, { hostname, trial: false, caSetId, mode, sendCaListToClient, set: state.sets.get(caSetId) });
  }
  known.set(state, sites);
  return sites;
}

function trialSite(caSetId: string, set: ServedSet): Site {
  return { hostname: trialHostname(caSetId), trial: true, caSetId, mode: "deny", sendCaListToClient: false, set };
}

import { type ClientAuthenticationMode, trialCaSetId, trialHostname, wildcardOf } from "@tcm/core";
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

/** Exact names first, then the one wildcard that could match, then the trial names of active sets. */
export function findSite(state: ServedState, serverName: string): Site | undefined {
  const name = serverName.toLowerCase();
  const wildcard = wildcardOf(name);
  const hostname = state.hostnames.has(name) ? name : wildcard;
  const edgeCertificate = hostname === undefined ? undefined : state.hostnames.get(hostname);
  if (hostname !== undefined && edgeCertificate !== undefined) {
    const { caSetId, mode, sendCaListToClient } = edgeCertificate;
    return { hostname, trial: false, caSetId, mode, sendCaListToClient, set: state.sets.get(caSetId) };
  }
  const caSetId = trialCaSetId(name);
  const set = caSetId === undefined ? undefined : state.sets.get(caSetId);
  if (caSetId === undefined || set === undefined) return undefined;
  return { hostname: trialHostname(caSetId), trial: true, caSetId, mode: "deny", sendCaListToClient: false, set };
}

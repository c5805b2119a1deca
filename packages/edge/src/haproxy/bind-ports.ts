import type { TrustingBind } from "./trusting-binds.ts";

/** Ports that HAProxy binds with this file as what clients are verified by; those that are written as numbers. */
export function portsThatTrust(binds: readonly TrustingBind[], path: string): readonly number[] {
  return addressesThatTrust(binds, path).flatMap(portsOf);
}

/** Addresses with this file of which the connections cannot be told from others: no TCP, or a port that is no number. */
export function opaqueAddresses(binds: readonly TrustingBind[], path: string): readonly string[] {
  return addressesThatTrust(binds, path).filter((address) => portsOf(address).length === 0);
}

function addressesThatTrust(binds: readonly TrustingBind[], path: string): readonly string[] {
  return binds.filter(({ trusted }) => trusted.includes(path)).flatMap(({ addresses }) => addresses);
}

/** `*:443`, `[::]:8000-8010`; none of a socket of another kind, nor of QUIC, whose connections HAProxy does not list. */
function portsOf(address: string): readonly number[] {
  if (/^(?:quic[46]|unix|abnsz?|fd|sockpair|uxst|udp[46]?)@/.test(address)) return [];
  const [, first, last = first] = /:(\d{1,5})(?:-(\d{1,5}))?$/.exec(address) ?? [];
  if (first === undefined) return [];
  const length = Math.max(0, Math.min(Number(last), 65_535) - Number(first) + 1);
  return Array.from({ length }, (_, i) => Number(first) + i);
}

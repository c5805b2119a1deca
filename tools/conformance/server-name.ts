import type { Certificate } from "@tcm/core";

/** What a suite wants the leaf to be valid for. The engine knows no server names: they are compared here. */
export type PeerName = { readonly kind: "DNS" | "IP" | "RFC822"; readonly value: string };

/** RFC 9525 §6: only subjectAltName counts, and a wildcard stands for exactly the first label. */
export function bearsName(certificate: Certificate, { kind, value }: PeerName): boolean {
  const names = certificate.extensions.subjectAltName ?? [];
  switch (kind) {
    case "DNS":
      return names.some((name) => name.form === "dNSName" && matchesHost(name.text.toLowerCase(), value.toLowerCase()));
    case "IP":
      return names.some((name) => name.form === "iPAddress" && formatAddress(name.octets) === expandAddress(value));
    case "RFC822":
      return names.some((name) => name.form === "rfc822Name" && name.text === value);
  }
}

function matchesHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  const dot = host.indexOf(".");
  return pattern.startsWith("*.") && pattern.indexOf(".", 2) > 0 && dot > 0 && pattern.slice(1) === host.slice(dot);
}

function formatAddress(octets: Uint8Array): string {
  return [...octets].join(".");
}

/** Both families as dotted octets. */
function expandAddress(text: string): string {
  if (!text.includes(":")) return text;
  const [head = "", tail] = text.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const after = tail === undefined ? [] : groups(tail);
  const before = groups(head);
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  const octets = [...before, ...zeros, ...after].flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
  return octets.join(".");
}

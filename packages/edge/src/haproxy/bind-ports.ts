import { configurationLines } from "../trust-files/engine-finding.ts";

/** Ports that HAProxy binds with this file as what clients are verified by; those that are written as numbers. */
export function portsThatTrust(configuration: string, path: string): readonly number[] {
  return configurationLines(configuration).flatMap(({ text }) => {
    const [keyword, addresses = "", ...options] = text.split(/\s+/).map((word) => word.replace(/^"(.*)"$/, "$1"));
    const trusts = options.some((word, i) => /^ca-(?:verify-)?file$/.test(word) && options[i + 1] === path);
    return keyword === "bind" && trusts ? addresses.split(",").flatMap(portsOf) : [];
  });
}

/** `*:443`, `[::]:8000-8010`; none of a socket of another kind. */
function portsOf(address: string): readonly number[] {
  const [, first, last = first] = /:(\d{1,5})(?:-(\d{1,5}))?$/.exec(address) ?? [];
  if (first === undefined) return [];
  const length = Math.max(0, Math.min(Number(last), 65_535) - Number(first) + 1);
  return Array.from({ length }, (_, i) => Number(first) + i);
}

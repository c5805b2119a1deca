/** Reserved for trying a set before it is bound; answered by the edge itself. */
const reservedSuffix = ".tcm.internal";

/** Label of letters, digits and inner hyphens, RFC 1123 §2.1; underscores are no hostname. */
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostnamePattern = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`);

const hostnameForm =
  'write labels of a-z, 0-9 and inner hyphens with dots between them, such as shop.example or *.shop.example; names in other letters as xn--…; no port, no "_" and no dot at the end';

/** Why a hostname cannot be that of an edge certificate; undefined when it can. */
export function hostnameProblem(hostname: string): string | undefined {
  if (hostname.length > 253 || !hostnamePattern.test(hostname)) return hostnameForm;
  if (hostname.endsWith(reservedSuffix) || hostname === reservedSuffix.slice(1)) return "*.tcm.internal is reserved";
  return undefined;
}

/** The hostname under which an active set can be tried without any edge certificate. */
export function trialHostname(caSetId: string): string {
  return `ca-set-${caSetId}${reservedSuffix}`;
}

/** `*.example.com` for `shop.example.com`: a wildcard stands for exactly one label, RFC 9525 §6.3. */
export function wildcardOf(hostname: string): string | undefined {
  const dot = hostname.indexOf(".");
  return dot <= 0 ? undefined : `*${hostname.slice(dot)}`;
}

import { wildcardOf } from "@tcm/core";

/** Why a URL cannot be an upstream; undefined when it can. Anything but an origin would be left out without a word. */
export function upstreamProblem({ protocol, username, password, pathname, search, hash }: URL): string | undefined {
  if (protocol !== "http:" && protocol !== "https:") return "not an http: or https: URL";
  if (username !== "" || password !== "") return "a URL with credentials";
  if (pathname !== "/" || search !== "" || hash !== "")
    return "more than an origin: it has a path, a query or a fragment";
  return undefined;
}

/** The exact name first, then its wildcard. */
export function findUpstream(upstreams: ReadonlyMap<string, URL>, hostname: string): URL | undefined {
  const wildcard = wildcardOf(hostname);
  return upstreams.get(hostname) ?? (wildcard === undefined ? undefined : upstreams.get(wildcard));
}

/** What a request is for, once nothing about it can be read in two ways. */
export type RequestTarget =
  | { readonly ok: true; readonly authority: string; readonly hostname: string; readonly path: string }
  /** `invalid`: no host can be read from it; `mismatch`: it names two. */
  | { readonly ok: false; readonly fault: "invalid" | "mismatch" };

type TargetRequest = { readonly method?: string | undefined; readonly url?: string | undefined };

const authorityPattern = /^([A-Za-z0-9._-]{1,253}?)\.?(?::[0-9]{1,5})?$/;

/**
 * Reads the request line and Host, RFC 9112 §3.2. Exactly one Host; with the absolute form both must name the same
 * host, where the RFC lets the target win: an upstream may look at either.
 */
export function readTarget(request: TargetRequest, hosts: readonly string[]): RequestTarget {
  const [host, ...more] = hosts;
  const hostname = host === undefined ? undefined : hostnameOf(host);
  if (host === undefined || hostname === undefined || more.length > 0) return { ok: false, fault: "invalid" };
  const target = request.url ?? "";
  if (target.startsWith("/") || (target === "*" && request.method === "OPTIONS")) {
    return { ok: true, authority: host, hostname, path: target };
  }
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  const [, authority = "", rest = ""] = absolute ?? [];
  if (hostnameOf(authority) !== hostname) return { ok: false, fault: "mismatch" };
  return { ok: true, authority: host, hostname, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Lower case, without port; undefined for what is no name, an address in brackets or user information included. */
function hostnameOf(authority: string): string | undefined {
  return authorityPattern.exec(authority)?.[1]?.toLowerCase();
}

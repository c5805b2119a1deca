import type { TLSSocket } from "node:tls";
import type { Problem } from "@tcm/core";
import type { FastifyRequest } from "fastify";

/** Under which addresses this server answers. */
export type PublicAddress = {
  /** Scheme, host and port that clients are given, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Names in `Host` besides those of loopback and the public one, in lower case and without a port. */
  readonly hostNames: readonly string[];
};

const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A page on the web can make a browser send requests to loopback under a name of its own (DNS rebinding), or across origins.
 * Neither reaches a route: the host must be one of ours, and a browser's origin must be that host.
 */
export function refuseForeignPage(
  request: FastifyRequest,
  { publicUrl, hostNames }: PublicAddress,
): Problem | undefined {
  const { origin, host = "" } = request.headers;
  const own = new URL(publicUrl());
  const name = host.replace(/:\d+$/, "").toLowerCase();
  // RFC 9112 §3.2: of two Host fields the one that was checked might not be the one that counts further on.
  const hosts = request.raw.rawHeaders.filter((field, i) => i % 2 === 0 && field.toLowerCase() === "host");
  if (hosts.length > 1 || isForAnother(request) || ![...loopbackNames, own.hostname, ...hostNames].includes(name)) {
    return {
      slug: "misdirected-request",
      detail: "This server does not answer under that host name. Use the address that it printed at its start.",
    };
  }
  const scheme = isEncrypted(request) ? "https" : "http";
  if (origin !== undefined && origin !== `${scheme}://${host}` && origin !== own.origin) {
    return { slug: "forbidden", detail: "Requests from other web pages are not accepted." };
  }
  return undefined;
}

/** RFC 9112 §3.2.2: the host of a whole URL in the request line counts more than Host, so that the two must be the same. */
function isForAnother({ raw, headers }: FastifyRequest): boolean {
  const { url = "/" } = raw;
  if (url.startsWith("/")) return false;
  return URL.parse(url)?.host !== headers.host?.toLowerCase();
}

export function isEncrypted({ raw }: Pick<FastifyRequest, "raw">): boolean {
  return (raw.socket as Partial<TLSSocket>).encrypted === true;
}

/** Whether the browser speaks TLS: with this server, or with a proxy in front that has its public name. */
export function isSecure(request: FastifyRequest, { publicUrl }: PublicAddress): boolean {
  const own = new URL(publicUrl());
  return isEncrypted(request) || (own.protocol === "https:" && request.headers.host === own.host);
}

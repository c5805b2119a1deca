import type { FastifyReply, FastifyRequest } from "fastify";
import { isSecure, type PublicAddress } from "./public-address.ts";

/** RFC 6265bis §4.1.3: a browser takes `__Host-` over TLS alone, and no other host can set it. Plain names are for loopback. */
function nameOf(request: FastifyRequest, address: PublicAddress, name: string): string {
  return isSecure(request, address) ? `__Host-${name}` : name;
}

export function sessionSecret(request: FastifyRequest, address: PublicAddress): string | undefined {
  const value = request.cookies[nameOf(request, address, "tcm-session")];
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
}

export function setSessionCookie(reply: FastifyReply, address: PublicAddress, secret: string): FastifyReply {
  return setCookie(reply, address, "tcm-session", secret, "strict");
}

export function clearSessionCookie(reply: FastifyReply, address: PublicAddress): FastifyReply {
  return setCookie(reply, address, "tcm-session", "", "strict", 0);
}

export function roundTripCookie(request: FastifyRequest, address: PublicAddress): string | undefined {
  return request.cookies[nameOf(request, address, "tcm-oidc")];
}

/** Lax: it must come back when the provider sends the browser here. */
export function setRoundTripCookie(reply: FastifyReply, address: PublicAddress, value: string, seconds: number) {
  return setCookie(reply, address, "tcm-oidc", value, "lax", seconds);
}

function setCookie(
  reply: FastifyReply,
  address: PublicAddress,
  name: string,
  value: string,
  sameSite: "strict" | "lax",
  maxAge?: number,
): FastifyReply {
  const { request } = reply;
  const lifetime = maxAge === undefined ? {} : { maxAge };
  const secure = isSecure(request, address);
  return reply.setCookie(nameOf(request, address, name), value, {
    path: "/",
    httpOnly: true,
    secure,
    sameSite,
    ...lifetime,
  });
}

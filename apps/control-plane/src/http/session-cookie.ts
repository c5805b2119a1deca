import type { FastifyReply, FastifyRequest } from "fastify";
import { isSecure, type PublicAddress } from "./public-address.ts";

type Cookie = {
  readonly name: string;
  readonly value: string;
  readonly sameSite: "strict" | "lax";
  /** Seconds. Undefined: until the browser ends. */
  readonly maxAge?: number;
};

const sessionCookie = { name: "tcm-session", sameSite: "strict" } as const;
/** Lax: it must come back when the provider sends the browser here. */
const roundTripCookie = { name: "tcm-oidc", sameSite: "lax" } as const;

/** RFC 6265bis §4.1.3: a browser takes `__Host-` over TLS alone, and no other host can set it. Plain names are for loopback. */
function nameOf(request: FastifyRequest, address: PublicAddress, name: string): string {
  return isSecure(request, address) ? `__Host-${name}` : name;
}

export function sessionSecret(request: FastifyRequest, address: PublicAddress): string | undefined {
  const value = request.cookies[nameOf(request, address, sessionCookie.name)];
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
}

export function setSessionCookie(reply: FastifyReply, address: PublicAddress, secret: string): FastifyReply {
  return setCookie(reply, address, { ...sessionCookie, value: secret });
}

export function clearSessionCookie(reply: FastifyReply, address: PublicAddress): FastifyReply {
  return setCookie(reply, address, { ...sessionCookie, value: "", maxAge: 0 });
}

export function roundTripValue(request: FastifyRequest, address: PublicAddress): string | undefined {
  return request.cookies[nameOf(request, address, roundTripCookie.name)];
}

export function setRoundTripCookie(reply: FastifyReply, address: PublicAddress, value: string, seconds: number) {
  return setCookie(reply, address, { ...roundTripCookie, value, maxAge: seconds });
}

function setCookie(reply: FastifyReply, address: PublicAddress, { name, value, ...attributes }: Cookie): FastifyReply {
  const { request } = reply;
  const secure = isSecure(request, address);
  const own = { path: "/", httpOnly: true, secure };
  return reply.setCookie(nameOf(request, address, name), value, { ...own, ...attributes });
}

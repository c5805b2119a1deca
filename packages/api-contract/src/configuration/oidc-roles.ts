import { type Role, roles } from "../role.ts";
import { isLoopback } from "./listening.ts";

/** Roles from a text such as `tcm-admins=admin,*=viewer`. Undefined: not readable. */
export function parseOidcRoles(text: string): ReadonlyMap<string, Role> | undefined {
  const found = new Map<string, Role>();
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const at = pair.lastIndexOf("=");
    const group = pair.slice(0, at).trim();
    const role = roles.find((name) => name === pair.slice(at + 1).trim());
    if (at < 1 || group === "" || role === undefined) return undefined;
    found.set(group, role);
  }
  return found.size === 0 ? undefined : found;
}

/** RFC 6749 §3.1.2.1 asks for TLS; on loopback there is nobody in between. */
export function isUsableIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname.replace(/^\[|\]$/g, "")));
}

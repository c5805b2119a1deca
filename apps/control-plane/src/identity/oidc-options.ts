import { type Role, roles } from "@tcm/api-contract";

/** A provider of OpenID Connect, where people may sign in instead of with a password. */
export type OidcOptions = {
  /** https, or http on loopback. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claim with the groups that somebody is in: a text or a list. */
  readonly roleClaim: string;
  /** Which group has which role; `*` is everybody whom the provider lets in. */
  readonly roles: ReadonlyMap<string, Role>;
};

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

/** The highest role of all groups; undefined: somebody whom nobody gave one. */
export function oidcRole(options: OidcOptions, claims: Readonly<Record<string, unknown>>): Role | undefined {
  const claim = claims[options.roleClaim];
  const groups = (Array.isArray(claim) ? claim : [claim]).filter((group) => typeof group === "string");
  const held = ["*", ...groups].map((group) => options.roles.get(group));
  return roles.toReversed().find((role) => held.includes(role));
}

/** RFC 6749 §3.1.2.1 asks for TLS; on loopback there is nobody in between. */
export function isUsableIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

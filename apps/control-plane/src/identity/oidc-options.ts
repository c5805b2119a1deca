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

/** The highest role of all groups; undefined: somebody whom nobody gave one. */
export function oidcRole(options: OidcOptions, claims: Readonly<Record<string, unknown>>): Role | undefined {
  const claim = claims[options.roleClaim];
  const groups = (Array.isArray(claim) ? claim : [claim]).filter((group) => typeof group === "string");
  const held = ["*", ...groups].map((group) => options.roles.get(group));
  return roles.toReversed().find((role) => held.includes(role));
}

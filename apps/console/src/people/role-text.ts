import type { Role } from "@tcm/api-contract";

/** What each role may do, beyond the one before it. */
export const roleText: Readonly<Record<Role, string>> = {
  viewer: "reads everything but who did what",
  editor: "sets, versions and staging",
  deployer: "production, edge certificates and nodes too",
  admin: "users, tokens, API clients and the audit record too",
};

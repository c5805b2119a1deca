/** Who may do what, from least to most. */
export const roles = ["viewer", "editor", "deployer", "admin"] as const;

export type Role = (typeof roles)[number];

/**
 * What a route or an operation asks for. `edit`: sets and versions. `deploy-staging`, `deploy-production`: what the nodes of the
 * network serve. `change-edges`: edge certificates and nodes, which act on both networks. `administer`: users, tokens, API
 * clients and the audit record.
 */
export type Permission = "read" | "edit" | "deploy-staging" | "deploy-production" | "change-edges" | "administer";

/** The one table: every check of a right reads it, and a test walks it over every route. */
export const rolePermissions: Readonly<Record<Role, Readonly<Record<Permission, boolean>>>> = {
  viewer: {
    read: true,
    edit: false,
    "deploy-staging": false,
    "deploy-production": false,
    "change-edges": false,
    administer: false,
  },
  editor: {
    read: true,
    edit: true,
    "deploy-staging": true,
    "deploy-production": false,
    "change-edges": false,
    administer: false,
  },
  deployer: {
    read: true,
    edit: true,
    "deploy-staging": true,
    "deploy-production": true,
    "change-edges": true,
    administer: false,
  },
  admin: {
    read: true,
    edit: true,
    "deploy-staging": true,
    "deploy-production": true,
    "change-edges": true,
    administer: true,
  },
};

export function isAllowed(role: Role, permission: Permission): boolean {
  return rolePermissions[role][permission];
}

/** Roles that hold the permission, from least to most. */
export function rolesWith(permission: Permission): readonly Role[] {
  return roles.filter((role) => isAllowed(role, permission));
}

/** Whether everything that `wanted` may do, `held` may do too: nobody hands out more than they have. */
export function includesRole(held: Role, wanted: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(wanted);
}

/** Who may do what: a role includes those before it. More roles follow with identity. */
export const roles = ["viewer", "admin"] as const;

export type Role = (typeof roles)[number];

export function includesRole(held: Role, wanted: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(wanted);
}

export type SectionPath =
  | "/"
  | "/ca-sets"
  | "/expiring"
  | "/edge-certificates"
  | "/edge-nodes"
  | "/try"
  | "/users"
  | "/credentials"
  | "/audit"
  | "/settings";

export type Section = { readonly path: SectionPath; readonly name: string; readonly forAdmins?: true };

/** Where one can go from every page. */
export const sections: readonly Section[] = [
  { path: "/", name: "Overview" },
  { path: "/ca-sets", name: "Certificate sets" },
  { path: "/expiring", name: "Expiring certificates" },
  { path: "/edge-certificates", name: "Edge certificates" },
  { path: "/edge-nodes", name: "Edge nodes" },
  { path: "/try", name: "Try a client certificate" },
  { path: "/users", name: "Users", forAdmins: true },
  { path: "/credentials", name: "API clients and tokens", forAdmins: true },
  { path: "/audit", name: "Audit", forAdmins: true },
  { path: "/settings", name: "Settings" },
];

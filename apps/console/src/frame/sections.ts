export type Section = { readonly path: "/" | "/ca-sets"; readonly name: string; readonly forAdmins?: true };

/** Where one can go from every page. */
export const sections: readonly Section[] = [
  { path: "/", name: "Overview" },
  { path: "/ca-sets", name: "Certificate sets" },
];

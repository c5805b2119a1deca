const versionViews = ["certificates", "structure"] as const;
export type VersionView = (typeof versionViews)[number];

/** What the address of a version says: which part of it is shown, and which certificate is looked at. */
export type VersionSearch = { readonly view?: VersionView; readonly certificate?: string };

/** Of two windows on one version each says which part of it is shown. Pure. */
export function versionPageTitle(of: string, view: VersionView): string {
  return view === "certificates" ? of : `${of}: chain graph`;
}

export function readVersionSearch({ view, certificate }: Readonly<Record<string, unknown>>): VersionSearch {
  const known = versionViews.find((one) => one === view);
  return {
    ...(known !== undefined && { view: known }),
    ...(typeof certificate === "string" && /^[0-9a-f]{64}$/.test(certificate) && { certificate }),
  };
}

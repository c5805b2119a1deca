const setTabs = ["versions", "deployments", "expiry", "handshakes", "associations", "history"] as const;
export type SetTab = (typeof setTabs)[number];

export function isSetTab(value: unknown): value is SetTab {
  return setTabs.some((tab) => tab === value);
}

export type SetsSearch = { readonly show?: "deleted" };

/** What the address of the list of sets says. Pure. */
export function readSetsSearch({ show }: Readonly<Record<string, unknown>>): SetsSearch {
  return show === "deleted" ? { show } : {};
}

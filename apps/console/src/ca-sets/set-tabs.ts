const setTabs = ["versions", "deployments", "expiry", "handshakes", "associations", "history"] as const;
export type SetTab = (typeof setTabs)[number];

/** The words on the tabs. */
export const setTabTitles: Readonly<Record<SetTab, string>> = {
  versions: "Versions",
  deployments: "Deployments",
  expiry: "Expiry",
  handshakes: "Handshakes",
  associations: "Associations",
  history: "History",
};

/** Of two windows on one set each says which it is; the first tab is the set itself. Pure. */
export function setPageTitle(caSetName: string, tab: SetTab): string {
  return tab === "versions" ? caSetName : `${caSetName}: ${setTabTitles[tab].toLowerCase()}`;
}

export function isSetTab(value: unknown): value is SetTab {
  return setTabs.some((tab) => tab === value);
}

export type SetsSearch = { readonly show?: "deleted" };

/** What the address of the list of sets says. Pure. */
export function readSetsSearch({ show }: Readonly<Record<string, unknown>>): SetsSearch {
  return show === "deleted" ? { show } : {};
}

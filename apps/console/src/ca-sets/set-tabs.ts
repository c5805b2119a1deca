export const setTabs = ["versions", "deployments", "handshakes", "associations", "history"] as const;
export type SetTab = (typeof setTabs)[number];

export function isSetTab(value: unknown): value is SetTab {
  return setTabs.some((tab) => tab === value);
}

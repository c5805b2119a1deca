import { type RefObject, useEffect } from "react";

/** On a narrow screen tabs are moved sideways: the one that is shown is not out of sight. The page itself does not move. */
export function useChosenTabInView(around: RefObject<HTMLElement | null>, chosen: string): void {
  useEffect(() => {
    const list = around.current?.querySelector<HTMLElement>('[role="tablist"]');
    const tab = list?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    if (!list || !tab) return;
    const [outer, inner] = [list.getBoundingClientRect(), tab.getBoundingClientRect()];
    list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }, [around, chosen]);
}

/** Long enough to look at another tab and come back. */
export const hiddenForMs = 3_000;

export type Following = {
  /** Goes on until the signal ends it; called anew each time the page is looked at again. */
  readonly follow: (signal: AbortSignal) => void;
  readonly onLeft: () => void;
};

export type Visibility = "visible" | "hidden";
type Shown = EventTarget & { readonly visibilityState: Visibility };

/**
 * Follows while somebody looks at the page, until the signal ends it. A browser has six connections to one server for all of its tabs
 * together, where TLS has not agreed on HTTP/2: a tab behind others, or kept for going back, gives the one of its stream back.
 */
export function whileLookedAt(
  { follow, onLeft }: Following,
  [window, document]: readonly [EventTarget, Shown],
  signal: AbortSignal,
): void {
  let left: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = (): void => {
    clearTimeout(timer);
    if (left === undefined) return;
    left.abort();
    left = undefined;
    onLeft();
  };
  const look = (): void => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") timer = setTimeout(leave, hiddenForMs);
    else if (left === undefined) {
      left = new AbortController();
      follow(AbortSignal.any([signal, left.signal]));
    }
  };
  document.addEventListener("visibilitychange", look, { signal });
  window.addEventListener("pagehide", leave, { signal });
  window.addEventListener("pageshow", look, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  look();
}

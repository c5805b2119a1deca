/** Where something with the focus was before it went away. */
type Place = {
  readonly parent: Node;
  readonly before: Node | null;
  readonly after: Node | null;
  readonly lost: HTMLElement;
  /** The how many-eth of its kind it was in what went away with it. */
  readonly index: number;
};

/**
 * What has the focus goes away with its row, its problem or its question. The focus goes to the same thing in what stands after it, or
 * before it, or else to the heading above, and not to the top of the page. What the page itself gives the focus to comes first.
 */
export function keepFocus(main: HTMLElement, signal: AbortSignal): void {
  if (signal.aborted) return;
  let last: HTMLElement | undefined;
  let place: Place | undefined;
  const remember = ({ target }: FocusEvent): void => {
    last = target instanceof HTMLElement && target !== main ? target : undefined;
    place = undefined;
  };
  const settle = (): void => {
    // A dialog may still have it, and gives it back when it closes.
    if (place === undefined || document.activeElement !== document.body) return;
    const next = sameBeside(place) ?? headingAbove(place, main);
    place = undefined;
    next?.focus({ preventScroll: true });
  };
  const observer = new MutationObserver((records) => {
    if (last === undefined || last.isConnected) return;
    for (const record of records) place = placeAfter(record, last, place);
    if (place !== undefined) requestAnimationFrame(settle);
  });
  main.addEventListener("focusin", remember, { signal });
  observer.observe(document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/** What went away may be a part of what goes away after it. */
function placeAfter(record: MutationRecord, lost: HTMLElement, known: Place | undefined): Place | undefined {
  const { target, removedNodes, previousSibling, nextSibling } = record;
  const gone = [...removedNodes].find((node) => node.contains(known?.parent ?? lost));
  if (gone === undefined) return known;
  const index = known?.index ?? Math.max(0, sameIn(gone, lost).indexOf(lost));
  return { parent: target, before: previousSibling, after: nextSibling, lost, index };
}

/** What came in its place stands between what was before it and what was after. */
function sameBeside({ parent, before, after, lost, index }: Place): HTMLElement | undefined {
  const here = before === null ? parent.firstChild : before.parentNode === parent ? before.nextSibling : after;
  for (const [start, step] of [[here, "nextSibling"] as const, [before, "previousSibling"] as const])
    for (let at = start; at !== null; at = at[step]) {
      const same = sameIn(at, lost);
      if (same.length > 0) return same[Math.min(index, same.length - 1)];
    }
  return undefined;
}

/** In every row there is one of it, by the same word. */
function sameIn(node: Node, { tagName, textContent }: HTMLElement): readonly HTMLElement[] {
  if (!(node instanceof HTMLElement)) return [];
  const all = [node, ...node.querySelectorAll<HTMLElement>(tagName)];
  return all.filter((one) => one.tagName === tagName && one.textContent === textContent);
}

function headingAbove({ parent }: Place, main: HTMLElement): HTMLElement | undefined {
  for (let at = parent; main.contains(at) && at.parentNode !== null; at = at.parentNode) {
    const heading = at instanceof HTMLElement ? at.querySelector<HTMLElement>("h1, h2, h3") : null;
    if (heading === null) continue;
    if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
    return heading;
  }
  return undefined;
}

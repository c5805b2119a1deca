const key = "tcm-return-to";
/** As long as the server waits for the way back from the identity provider. */
const goodForMs = 10 * 60_000;

/** Undefined where nothing may be stored: the way back leads to the first page then. */
type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
type Place = { readonly pathname: string; readonly search: string };

/** Before the browser leaves for the identity provider: where it was. The server leads it back to the first page. */
export function rememberPlace({ pathname, search }: Place, kept: Kept, nowMs: number): void {
  if (pathname === "/" || pathname === "/sign-in") return forgetPlace(kept);
  kept?.setItem(key, JSON.stringify({ place: pathname + search, untilMs: nowMs + goodForMs }));
}

/** Of this window alone, and gone with it. */
export function windowStorage(): Kept {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

export function forgetPlace(kept: Kept): void {
  kept?.removeItem(key);
}

/** Where to go on from the first page, once; undefined: stay. */
export function takePlace({ pathname }: Place, kept: Kept, nowMs: number): string | undefined {
  const text = kept?.getItem(key) ?? null;
  if (text === null || pathname !== "/") return undefined;
  forgetPlace(kept);
  const { place, untilMs } = parsed(text);
  // A path of this origin, whatever somebody wrote there: "//elsewhere" would lead away.
  return typeof place === "string" && /^\/(?![/\\])/.test(place) && nowMs < Number(untilMs) ? place : undefined;
}

function parsed(text: string): { readonly place?: unknown; readonly untilMs?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}

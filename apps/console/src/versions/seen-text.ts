/** What edges saw of an anchor. */
export type Seen = { readonly accepted: number; readonly lastAcceptedDate: string | null };

/** Whom a CA let in until now, for who is about to take it out. `time`: an instant as the person reads it. */
export function seenText(seen: Seen | undefined, time: (iso: string) => string): string {
  if (seen === undefined || seen.lastAcceptedDate === null) return "no client was seen through it";
  const last = `last let a client in ${time(seen.lastAcceptedDate)}`;
  return seen.accepted === 0
    ? `${last}, none in the last 24 hours`
    : `${last}, ${handshakes(seen.accepted)} in 24 hours`;
}

function handshakes(count: number): string {
  return count === 1 ? "1 handshake" : `${count.toLocaleString("en")} handshakes`;
}

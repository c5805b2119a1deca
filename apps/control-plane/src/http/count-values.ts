import { endOfText } from "./end-of-text.ts";

/** What comes before a value, or between two. */
const marks = "[{,";

/** Whether a JSON text may hold more than `most` values, by its marks outside of strings. Stops counting there. */
export function hasMoreValues(json: string, most: number): boolean {
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const mark = json.charAt(at);
    if (mark === '"') at = endOfText(json, at) - 1;
    else if (marks.includes(mark) && ++count > most) return true;
  }
  return false;
}

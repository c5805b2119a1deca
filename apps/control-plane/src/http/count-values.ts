const quote = 0x22;
const backslash = 0x5c;
/** What comes before a value, or between two: `[`, `{` and `,`. */
const marks: ReadonlySet<number> = new Set([0x5b, 0x7b, 0x2c]);

/** Whether a JSON text may hold more than `most` values, by its marks outside of strings. Stops counting there. */
export function hasMoreValues(json: string, most: number): boolean {
  let count = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) isText = !isText;
    else if (isText && code === backslash) at++;
    else if (!isText && marks.has(code) && ++count > most) return true;
  }
  return false;
}

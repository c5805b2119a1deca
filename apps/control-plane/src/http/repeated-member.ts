import { endOfText } from "./end-of-text.ts";

/**
 * The first name that one object of a JSON text has twice; undefined: none. In an object the string after `{` or `,` is a name. Whether
 * the text is JSON at all is for its parser to say.
 */
export function repeatedMember(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let isNameNext = false;
  for (let at = 0; at < json.length; at++) {
    const mark = json[at];
    if (mark === '"') {
      const end = endOfText(json, at);
      const names = isNameNext ? open.at(-1) : undefined;
      const name = names === undefined ? "" : nameOf(json.slice(at, end));
      if (names?.has(name) === true) return name;
      names?.add(name);
      isNameNext = false;
      at = end - 1;
    } else if (mark === "{" || mark === "[") open.push(mark === "{" ? new Set() : undefined);
    else if (mark === "}" || mark === "]") open.pop();
    if (mark === "{" || mark === ",") isNameNext = true;
  }
  return undefined;
}

/** `"a"` and `"\u0061"` are one name. */
function nameOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

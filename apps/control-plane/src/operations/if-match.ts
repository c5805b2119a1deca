/**
 * Whether what was sent as If-Match lets a change go on: nothing, `*`, or a list with the tag of what is there now. Tags are compared
 * strongly (RFC 9110 §13.1.1), so that a weak one fits nothing.
 */
export function fitsIfMatch(ifMatch: string | undefined, tag: string): boolean {
  if (ifMatch === undefined || ifMatch === "*") return true;
  return ifMatch.split(",").some((one) => one.trim() === tag);
}

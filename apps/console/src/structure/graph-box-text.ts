import type { ChainStructure } from "@tcm/core";
import { boxHeight, boxWidth, type GraphBox } from "./graph-layout.ts";
import { shortName } from "./tree-items.ts";

type Corner = { readonly x: number; readonly y: number };

/** From the foot of one box to the head of another; what goes back leaves at the side. An SVG path. Pure. */
export function arrowPath(from: Corner, to: Corner, isBack: boolean): string {
  if (isBack) {
    const [x, x2] = [from.x + boxWidth, to.x + boxWidth];
    const [y, y2] = [from.y + boxHeight / 2, to.y + boxHeight / 2];
    const out = Math.max(x, x2) + 16;
    return `M${x} ${y}C${out} ${y} ${out} ${y2} ${x2} ${y2}`;
  }
  const [x, y] = [from.x + boxWidth / 2, from.y + boxHeight];
  const [x2, y2] = [to.x + boxWidth / 2, to.y];
  const middle = (y + y2) / 2;
  return `M${x} ${y}C${x} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

/** Short enough to stand whole beside a few letters of the beginning. */
const longestEnd = 10;

/**
 * A name in two parts, so that what does not fit is left out before the end: CAs of one owner differ by a year or a number there. The
 * end is the last word, with its space, or the last letters of a long one. Pure.
 */
export function nameParts(name: string): readonly [start: string, end: string] {
  const letters = Array.from(name);
  const space = name.lastIndexOf(" ");
  const lastWord = Array.from(name.slice(space));
  const length = space > 0 && lastWord.length <= longestEnd ? lastWord.length : Math.min(6, letters.length);
  return [letters.slice(0, -length).join(""), letters.slice(-length).join("")];
}

/** What a box says, beside its name, to who does not see where it stands. Pure. */
export function placeText(box: GraphBox, { members }: ChainStructure): string {
  const named = (fingerprints: readonly string[]): string =>
    fingerprints
      .slice(0, 3)
      .map((one) => shortName(members.find(({ fingerprint }) => fingerprint === one)?.subject ?? one))
      .join(", ") + (fingerprints.length > 3 ? ` and ${fingerprints.length - 3} more` : "");
  const issuers = (issuedBy: readonly string[]): readonly string[] =>
    issuedBy.length > 0 ? [`issued by ${named(issuedBy)}`] : [];
  if (box.kind === "more") return [...issuers(box.members[0]?.issuedBy ?? []), "Enter shows them"].join("; ");
  const { kind, issuedBy, issues } = box.member;
  return [kind, ...issuers(issuedBy), ...(issues.length > 0 ? [`issues ${named(issues)}`] : [])].join("; ");
}

import type { EdgeNodeView } from "@tcm/api-contract";

type Entry = EdgeNodeView["entries"][number];

/** The words in which a node or its engine says what is wrong; nothing where it said nothing. */
export function wordsOf({ code, detail }: Pick<Entry, "code" | "detail">): string {
  return [code, detail].filter((text) => text !== null).join(": ");
}

/** Of a node that is told things which its engine does not take: each of them. */
export function rejectedEntries({ entries }: EdgeNodeView): readonly Entry[] {
  return entries.filter(({ state }) => state === "rejected");
}

/** What is not proved yet though nothing was rejected: `ca-set/1 at 1.3, should be 1.6`. */
export function describeBehind({ entryId, expectedGeneration, reportedGeneration, state }: Entry): string {
  if (reportedGeneration === null) return `${entryId} not reported, should be ${expectedGeneration}`;
  if (reportedGeneration === expectedGeneration) return `${entryId} at ${expectedGeneration}, ${state} and not proved`;
  return `${entryId} at ${reportedGeneration}, should be ${expectedGeneration}`;
}

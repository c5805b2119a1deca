import type { CachedEntry, ManifestCache } from "./manifest-cache.ts";

/** An announcement is split into lines of about this size: a node never buffers a whole manifest as one line. */
const announcementBytes = 128 * 1024;

/** `complete`: the node has then been told all. At least one line when that is to be said, also for a network without entries. */
export function announcementLines(
  nodeId: string,
  entries: readonly CachedEntry[],
  manifest: Pick<ManifestCache, "signFor">,
  complete: boolean,
): readonly string[] {
  const groups = groupsOf(entries.map((entry) => manifest.signFor(nodeId, entry)));
  return groups.map((group, i) => {
    const isLast = complete && i === groups.length - 1;
    return `{"type":"announce","complete":${isLast},"entries":[${group.join(",")}]}`;
  });
}

/** At least one; only one that is alone may be longer. */
function groupsOf(signedEntries: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let bytes = 0;
  for (const json of signedEntries) {
    if (bytes > 0 && bytes + json.length > announcementBytes) {
      groups.push([]);
      bytes = 0;
    }
    bytes += json.length;
    groups.at(-1)?.push(json);
  }
  return groups;
}

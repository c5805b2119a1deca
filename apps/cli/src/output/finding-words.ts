import type { FindingWords } from "@tcm/core";

/** Another certificate is called by its place in the files: positions in the request are seen by nobody here. */
export function wordsOfFiles(placeOf: (index: number) => string | undefined): FindingWords {
  return {
    certificate: (index) => placeOf(index) ?? `certificate ${index + 1}`,
    option: (name) => name,
    time: (iso) => iso,
  };
}

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");

export const pictureDirectory = join(repository, "docs/guide/pictures");
/** A clone of the repository has them all, in every version that there was. */
export const maxPictureBytes = 200_000;
export const maxTotalBytes = 3_000_000;

/** What the documentation shows; each is made by a test of this folder under its name. */
export function shownPictures(): readonly string[] {
  const texts = ["README.md", "docs/guide/console.md"].map((path) => readFileSync(join(repository, path), "utf8"));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/pictures\/([a-z0-9-]+\.png)/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].toSorted();
}

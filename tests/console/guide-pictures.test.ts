import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { maxPictureBytes, maxTotalBytes, pictureDirectory, shownPictures } from "./guide-pictures.ts";

test("the pictures that there are, are those that the documentation shows", () => {
  expect(readdirSync(pictureDirectory).toSorted()).toEqual(shownPictures());
});

test("pictures are small", () => {
  const sizes = shownPictures().map((name) => ({ name, bytes: statSync(join(pictureDirectory, name)).size }));
  expect(sizes.filter(({ bytes }) => bytes > maxPictureBytes)).toEqual([]);
  expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(maxTotalBytes);
});

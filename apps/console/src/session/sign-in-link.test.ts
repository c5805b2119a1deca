import { expect, test } from "vitest";
import { secretOfLink } from "./sign-in-link.ts";

const secret = "A".repeat(43);

test.each([
  [`#first=${secret}`, secret],
  ["", undefined],
  [`#first=${secret}A`, undefined],
  [`#other=${secret}`, undefined],
  [`#first=${secret.slice(1)}<`, undefined],
])("the secret of the one-time link is in its fragment: %s", (hash, expected) => {
  expect(secretOfLink(hash)).toBe(expected);
});

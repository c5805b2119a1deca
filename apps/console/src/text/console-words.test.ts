import { expect, test } from "vitest";
import { consoleWords } from "./console-words.ts";

test.each([
  [
    "This guards less than before. Nothing was changed. Repeat it with the query confirm=true if that is meant.",
    "This guards less than before. Nothing was changed.",
  ],
  [
    "CA set a was changed in the meantime. Read it again and repeat your change.",
    "CA set a was changed in the meantime.",
  ],
  ["No version of CA set partners is active on PRODUCTION.", "No version of CA set partners is active on production."],
  ["No version of CA set PRODUCTION is active on STAGING.", "No version of CA set PRODUCTION is active on staging."],
  ["The names of version 2 on STAGING-2 are many.", "The names of version 2 on STAGING-2 are many."],
])("%s", (sentence, words) => {
  expect(consoleWords(sentence)).toBe(words);
});

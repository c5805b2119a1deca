import { expect, test } from "vitest";
import { optionWords } from "./option-words.ts";

test.each([
  [true, false, false, "every certificate chains to a root in the set"],
  [false, true, true, "no root is required; the same Common Name may appear twice; SHA-1 signatures are allowed"],
])("options are told: %s %s %s", (requireRootCertificate, allowDuplicateCommonNames, allowInsecureSha1, words) => {
  expect(optionWords({ requireRootCertificate, allowDuplicateCommonNames, allowInsecureSha1 })).toBe(words);
});

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { otherSpelling } from "./other-spelling.ts";

const root = createTemporaryDirectory();
afterAll(() => removeDirectory(root));
const path = join(root, "trust", "ca-set-1.pem");
for (const name of ["trust", "other"]) {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, "ca-set-1.pem"), "");
}
symlinkSync(join(root, "trust"), join(root, "linked"));

describe("a trust file under another name", () => {
  test.each([
    ["a path by way of a link", join(root, "linked", "ca-set-1.pem")],
    ["a path with dots in it", `${root}/other/../trust/ca-set-1.pem`],
    ["a relative path, of whatever directory", "trust/ca-set-1.pem"],
    ["a path that is not here: where it runs, it may be", "/mounted/for/the/proxy/ca-set-1.pem"],
  ])("is %s", async (_what, other) => {
    expect(await otherSpelling(path, ["/etc/ssl/other.pem", other])).toBe(other);
  });

  test.each([
    ["the path itself", path],
    ["another file of that name", join(root, "other", "ca-set-1.pem")],
    ["a file of another name", join(root, "linked", "ca-set-11.pem")],
  ])("is not %s", async (_what, other) => {
    expect(await otherSpelling(path, [other])).toBeUndefined();
  });
});

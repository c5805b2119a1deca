import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { replaceFile } from "./replace-file.ts";

const rights = (path: string) => statSync(path).mode & 0o777;

describe("a trust file is replaced", () => {
  test("without a look at what lies under the name of the draft, be it a link to a file of somebody else", async () => {
    const directory = temporaryDirectory();
    const [file, other] = [join(directory, "trust.pem"), join(directory, "other.key")];
    writeFileSync(other, "theirs");
    chmodSync(other, 0o600);
    symlinkSync(other, `${file}.new`);
    await replaceFile(file, "ours");
    expect([readFileSync(file, "utf8"), rights(file)]).toEqual(["ours", 0o644]);
    expect([readFileSync(other, "utf8"), rights(other)]).toEqual(["theirs", 0o600]);
  });

  test("also after a crash that left a draft", async () => {
    const file = join(temporaryDirectory(), "trust.pem");
    writeFileSync(`${file}.new`, "half of what was to be written");
    await replaceFile(file, "ours");
    expect(readFileSync(file, "utf8")).toBe("ours");
  });

  test("or stays as it is where no draft can be made", async () => {
    const file = join(temporaryDirectory(), "trust.pem");
    writeFileSync(file, "before");
    mkdirSync(`${file}.new`);
    await expect(replaceFile(file, "ours")).rejects.toThrow(/directory/);
    expect(readFileSync(file, "utf8")).toBe("before");
  });
});

import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { confirm, readSecret, readSecrets } from "./ask.ts";

function openTerminal(typed: string, isTTY: boolean) {
  let err = "";
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(typed);
  const terminal = {
    out: () => undefined,
    err: (text: string) => (err += text),
    colour: false,
    live: isTTY,
    columns: 80,
  };
  return { context: { stdin, terminal }, shown: () => err };
}

describe("a question", () => {
  test.each([
    ["y\n", true],
    ["YES\n", true],
    ["n\n", false],
    ["\n", false],
    ["yesterday\n", false],
    ["", false],
  ])("is answered with yes by yes alone: %j", async (typed, answer) => {
    const { context, shown } = openTerminal(typed, true);
    expect(await confirm(context, "Apply 3 changes?")).toBe(answer);
    expect(shown()).toContain("Apply 3 changes? [y/N] ");
  });

  test("is not asked where nobody sits, whatever comes in", async () => {
    const { context, shown } = openTerminal("y\n", false);
    await expect(confirm(context, "Apply?")).rejects.toMatchObject({ exitCode: 2 });
    expect(shown()).toBe("");
  });
});

describe("a secret", () => {
  test("is asked for and not shown", async () => {
    const { context, shown } = openTerminal("s3cret\n", true);
    expect(await readSecret(context, "Password: ")).toBe("s3cret");
    expect(shown()).toBe("Password: \n");
  });

  test("comes from standard input, a line each, without a prompt", async () => {
    const { context, shown } = openTerminal("one\r\ntwo", false);
    expect(await readSecrets(context, ["Present: ", "New: "])).toEqual(["one", "two"]);
    expect(shown()).toBe("");
  });

  test("that was not entered is a failure", async () => {
    for (const isTTY of [true, false])
      await expect(readSecret(openTerminal("\n", isTTY).context, "Password: ")).rejects.toMatchObject({ exitCode: 2 });
  });
});

import { chmodSync, copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { runStart } from "../testing/run-start.ts";
import { runTcm } from "../testing/run-tcm.ts";

describe("tcm backup and tcm restore", () => {
  test("move a running installation to a new directory", async () => {
    const old = await runStart();
    const token = (await runTcm(["token", "create", "--role", "admin", "--data", old.data])).out.trim();
    const at = (url: string) => ({ environment: { TCM_URL: url, TCM_TOKEN: token } });
    expect((await runTcm(["sets", "create", "kept"], at(old.addresses[0]))).code).toBe(0);
    const file = join(temporaryDirectory(), "tcm.backup");
    const made = await runTcm(["backup", file, "--data", old.data]);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/tcm\.backup: \d+ rows, \d+ bytes\n$/);

    const running = await runTcm(["restore", file, "--data", old.data]);
    expect([running.code, running.err]).toEqual([2, expect.stringMatching(/in use by another process/)]);
    const data = temporaryDirectory();
    chmodSync(data, 0o755);
    const keyless = await runTcm(["restore", file, "--data", data]);
    expect([keyless.code, keyless.err]).toEqual([2, expect.stringMatching(/no operator key/)]);
    writeFileSync(join(data, "operator.key"), `${Buffer.alloc(32, 9).toString("base64")}\n`, { mode: 0o600 });
    const foreign = await runTcm(["restore", file, "--data", data]);
    expect([foreign.code, foreign.err]).toEqual([2, expect.stringMatching(/another operator key/)]);
    expect(readdirSync(data)).toEqual(["operator.key"]);

    copyFileSync(join(old.data, "operator.key"), join(data, "operator.key"));
    const restored = await runTcm(["restore", file, "--data", data]);
    expect([restored.code, restored.err]).toEqual([0, ""]);
    expect(restored.out).toMatch(/^\d+ rows of 20.* are restored\. What happened after that is lost\.\n/);
    // Whatever the directory allows.
    expect((statSync(join(data, "store.sqlite")).mode & 0o777).toString(8)).toBe("600");
    const again = await runTcm(["restore", file, "--data", data]);
    expect([again.code, again.err]).toEqual([2, expect.stringMatching(/not empty/)]);
    old.child.kill("SIGTERM");
    await old.ended;
    const fresh = await runStart(data);
    expect((await runTcm(["sets"], at(fresh.addresses[0]))).out).toContain("kept");
  });

  test("a backup needs a store, and leaves no file without one", async () => {
    const data = temporaryDirectory();
    const file = join(data, "tcm.backup");
    const answer = await runTcm(["backup", file, "--data", data]);
    expect([answer.code, answer.err]).toEqual([2, expect.stringMatching(/There is no store in /)]);
    expect(existsSync(file)).toBe(false);
  });
});

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openLogFile } from "./log-file.ts";

describe("a log that strangers can write into", () => {
  test("never takes more than twice its size, and keeps the latest lines in order", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "edge.log");
    const log = openLogFile(file, 1_000);
    for (let n = 0; n < 500; n++) log.write(`line ${n}`.padEnd(99));
    await log.close();
    const lines = () =>
      [`${file}.1`, file]
        .flatMap((name) => readFileSync(name, "utf8").trimEnd().split("\n"))
        .map((line) => line.trim());
    expect(readdirSync(directory).toSorted()).toEqual(["edge.log", "edge.log.1"]);
    for (const name of [file, `${file}.1`]) {
      expect(statSync(name).size).toBeLessThanOrEqual(1_100);
      expect(statSync(name).mode & 0o077).toBe(0);
    }
    expect(lines()).toEqual(Array.from({ length: lines().length }, (_, i) => `line ${500 - lines().length + i}`));
  });

  test("is set aside at its opening when it is large, and is for its owner alone", async () => {
    const file = join(temporaryDirectory(), "edge.log");
    writeFileSync(file, "x".repeat(1_001), { mode: 0o644 });
    const log = openLogFile(file, 1_000);
    log.write("new");
    await log.close();
    expect(statSync(file).size).toBe(4);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });
});

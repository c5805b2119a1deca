import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { StartError } from "../start-error.ts";
import { followFile } from "./follow-file.ts";
import { listenForLines } from "./listen-for-lines.ts";
import { LogLines } from "./log-lines.ts";

const long = { timeout: 60_000, interval: 5 };

describe("lines of a stream", () => {
  test("are the same however it is cut", () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(400), { maxLength: 10 }), (stream, cuts) => {
        const whole: string[] = [];
        new LogLines(64, (line) => whole.push(line)).push(stream);
        const parts: string[] = [];
        const lines = new LogLines(64, (line) => parts.push(line));
        const ends = [...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
        let from = 0;
        for (const end of ends) {
          lines.push(stream.subarray(from, end));
          from = end;
        }
        expect(parts).toEqual(whole);
        for (const line of whole) expect(line.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  test("that are too long are passed over, and those after them are not", () => {
    const seen: string[] = [];
    const lines = new LogLines(10, (line) => seen.push(line));
    lines.push(Buffer.from(`one\n${"x".repeat(65_536)}`));
    lines.push(Buffer.from(`${"y".repeat(65_536)}\ntwo\n`));
    expect(seen).toEqual(["one", "two"]);
  });
});

describe("a socket for lines", () => {
  test("takes them from several processes, and in the place of one that a dead agent left", async () => {
    const path = join(temporaryDirectory(), "handshakes.sock");
    const seen: string[] = [];
    const before = await listenForLines(path, () => undefined);
    onTestFinished(() => before.close());
    const source = await listenForLines(path, (line) => seen.push(line));
    onTestFinished(() => source.close());
    expect((statSync(path).mode & 0o777).toString(8)).toBe("660");
    for (const word of ["a", "b"]) connect(path).end(`${word}\n`);
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(["a", "b"]), long);
  });

  test("is not put in the place of a file", async () => {
    const path = join(temporaryDirectory(), "handshakes.sock");
    writeFileSync(path, "somebody's");
    await expect(listenForLines(path, () => undefined)).rejects.toThrow(StartError);
  });
});

async function followed(maxBytes = 1_000_000) {
  const path = join(temporaryDirectory(), "handshakes.log");
  const seen: string[] = [];
  const problems: string[] = [];
  const start = async () => {
    const onLine = (line: string) => seen.push(line);
    const onProblem = (problem: string) => problems.push(problem);
    const source = await followFile({ path, onLine, onProblem, lookMs: 5, maxBytes });
    onTestFinished(() => source.close());
  };
  const sees = (...lines: readonly string[]) => vi.waitFor(() => expect(seen).toEqual(lines), long);
  return { path, seen, problems, start, sees };
}

describe("a log that is followed", () => {
  test("is read from where it is, and from its beginning when it comes later", async () => {
    const { path, start, sees } = await followed();
    writeFileSync(path, "before\n");
    await start();
    appendFileSync(path, "af");
    appendFileSync(path, "ter\n");
    await sees("after");
    const late = await followed();
    await late.start();
    writeFileSync(late.path, "first\n");
    await late.sees("first");
  });

  test("goes on through rotation, what was written to the old one included, and through truncation", async () => {
    const { path, start, sees } = await followed();
    writeFileSync(path, "");
    await start();
    appendFileSync(path, "one\n");
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, "two\n");
    await sees("one", "two");
    writeFileSync(path, "three, longer than what comes\n");
    await sees("one", "two", "three, longer than what comes");
    truncateSync(path);
    appendFileSync(path, "four\n");
    await sees("one", "two", "three, longer than what comes", "four");
  });

  test("is emptied once it is read and larger than it may be", async () => {
    const { path, seen, start } = await followed(100);
    writeFileSync(path, "");
    await start();
    for (let i = 0; i < 20; i++) appendFileSync(path, `line ${i}\n`);
    await vi.waitFor(() => expect([seen.length, statSync(path).size]).toEqual([20, 0]), long);
    appendFileSync(path, "next\n");
    await vi.waitFor(() => expect(seen.at(-1)).toBe("next"), long);
  });

  test("that is no file is said once, and nobody waits for it", async () => {
    const { path, problems, start } = await followed();
    mkdirSync(path);
    await start();
    await vi.waitFor(() => expect(problems).toEqual(["it is not a file"]), long);
  });
});

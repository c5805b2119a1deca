import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { SupervisedProcess } from "./supervised-process.ts";

const drainMs = 11_000;

describe("a supervised process that drains", () => {
  test("for longer than others may take to end is not cut off", async () => {
    const directory = temporaryDirectory();
    const main = join(directory, "child.mjs");
    const logFile = join(directory, "child.log");
    writeFileSync(
      main,
      // It is ready only once it can be told to stop: a signal that comes before its listener ends the process at once.
      `setInterval(() => {}, 1000);
       process.on("SIGTERM", () => setTimeout(() => { console.error("drained"); process.exit(0); }, ${drainMs}));
       process.send({ type: "ready" });`,
    );
    const supervised = new SupervisedProcess(
      { name: "child", main: pathToFileURL(main), args: [], logFile, drainMs },
      () => undefined,
    );
    await supervised.firstReady;
    await supervised.stop();
    expect(readFileSync(logFile, "utf8")).toBe("drained\n");
  });
});

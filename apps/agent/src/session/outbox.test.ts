import type { EntryReport } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { reached } from "../entries/rejection.ts";
import { Outbox } from "./outbox.ts";

const report = (entry: number, state: "delivered" | "applied" | "verified"): EntryReport =>
  reached({ entryId: `ca-set/${entry}`, generation: { epoch: 1, number: 1 }, digest: "ab".repeat(32) }, state);

const states = (lines: readonly string[]) =>
  lines
    .map((line) => (JSON.parse(line) as { readonly report: EntryReport }).report)
    .map((r) => `${r.entryId} ${r.state}`);

describe("reports on a stream that does not take more", () => {
  test("are replaced by newer ones of the same entry and said when it does", () => {
    const lines: string[] = [];
    let isOpen = false;
    const outbox = new Outbox((line) => {
      lines.push(line);
      return isOpen;
    });
    outbox.report(report(1, "delivered"));
    for (const state of ["delivered", "applied", "verified"] as const) outbox.report(report(2, state));
    outbox.report(report(1, "applied"));
    expect(states(lines)).toEqual(["ca-set/1 delivered"]);
    isOpen = true;
    outbox.resume();
    expect(states(lines)).toEqual(["ca-set/1 delivered", "ca-set/2 verified", "ca-set/1 applied"]);
  });

  test("of a generation that was turned down do not replace what is served", () => {
    const lines: string[] = [];
    const outbox = new Outbox((line) => lines.push(line) > 1);
    outbox.report(report(1, "applied"));
    outbox.report(report(1, "verified"));
    outbox.report({ ...report(1, "delivered"), generation: { epoch: 1, number: 7 } });
    outbox.resume();
    expect(states(lines)).toEqual(["ca-set/1 applied", "ca-set/1 verified", "ca-set/1 delivered"]);
  });

  test("are bounded in number", () => {
    const lines: string[] = [];
    const outbox = new Outbox((line) => lines.push(line) > 1);
    for (let entry = 1; entry <= 10_000; entry += 1) outbox.report(report(entry, "applied"));
    outbox.resume();
    expect(lines.length).toBeLessThanOrEqual(4_001);
    expect(states(lines).at(-1)).toBe("ca-set/10000 applied");
  });
});

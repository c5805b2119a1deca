import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Case, Outcome, Suite } from "../../tools/conformance/case.ts";
import type { Exception } from "../../tools/conformance/exceptions.ts";
import { readExceptions } from "../../tools/conformance/exceptions.ts";
import { describeOutcome } from "../../tools/conformance/judge.ts";
import { renderReports } from "../../tools/conformance/render-report.ts";
import { reportSuite } from "../../tools/conformance/report.ts";
import { runSuite } from "../../tools/conformance/run-suite.ts";
import { bearsName } from "../../tools/conformance/server-name.ts";
import { temporaryDirectory, testPki } from "@tcm/testkit";

const accepted: Outcome = { verdict: "accepted" };
const expired: Outcome = { verdict: "refused", code: "expired", index: 1 };
const known: Exception = {
  suite: "made up",
  id: "one",
  expected: "accepted",
  actual: "refused expired",
  reason: "so that it can be tested",
};

function report(
  expected: Case["expected"],
  outcome: Outcome | "hang",
  exceptions: readonly Exception[] = [],
  extra: Partial<Case> = {},
) {
  const one: Case = { id: "one", expected, run: () => accepted, ...extra };
  const suite: Suite = { name: "made up suite", floor: { passed: 1, reasons: 0.97 }, cases: [one] };
  return reportSuite(suite, [{ outcome, cpuMs: 3 }], exceptions);
}

describe("the report of a suite", () => {
  test.each([
    ["a pass", "accepted", accepted, { passed: 1, isBelowFloor: false }],
    ["a false accept", "refused", accepted, { falseAccepts: 1, isBelowFloor: true }],
    ["a false reject", "accepted", expired, { falseRejects: 1, isBelowFloor: true }],
    ["a hang", "accepted", "hang", { hangs: 1, isBelowFloor: true }],
    ["an open verdict counts as refused", "refused", { verdict: "undetermined" }, { passed: 1, isBelowFloor: false }],
  ] as const)("counts %s", (_, expected, outcome, counts) => {
    expect(report(expected, outcome)).toMatchObject(counts);
  });

  test("a case that passes but takes too long puts it below the floor", () => {
    const one: Case = { id: "one", expected: "accepted", run: () => accepted };
    const suite: Suite = { name: "made up suite", floor: { passed: 1 }, cases: [one] };
    const took = (cpuMs: number) => reportSuite(suite, [{ outcome: accepted, cpuMs }], []).isBelowFloor;
    expect([took(50), took(51)]).toEqual([false, true]);
  });

  test("a known divergence does not put it below the floor, an unexpected pass does", () => {
    expect(report("accepted", expired, [known])).toMatchObject({ known: 1, falseRejects: 1, isBelowFloor: false });
    expect(report("accepted", accepted, [known])).toMatchObject({ passed: 1, isBelowFloor: true });
  });

  test("a divergence of a shape holds for whatever has it, and for nothing else", () => {
    const { id: _, ...shape } = known;
    expect(report("accepted", expired, [{ ...shape, code: "expired" }]).known).toBe(1);
    expect(report("accepted", expired, [{ ...shape, code: "revoked" }]).known).toBe(0);
    expect(report("refused", accepted, [{ ...shape, code: "expired" }]).known).toBe(0);
  });

  test("reasons agree by code and place", () => {
    const reasons = [{ index: 1, codes: ["expired"] }];
    expect(report("refused", expired, [], { reasons }).reasons).toEqual({ agreed: 1, of: 1 });
    expect(report("refused", { ...expired, index: 0 }, [], { reasons })).toMatchObject({
      reasons: { agreed: 0, of: 1 },
      isBelowFloor: true,
    });
  });

  test("a case that says nothing about client certificates is counted apart", () => {
    expect(report("accepted", expired, [], { notApplicable: "a server's profile" })).toMatchObject({
      cases: 0,
      notApplicable: 1,
      isBelowFloor: false,
    });
  });

  test("prints every miss with its id and why it is known", () => {
    const text = renderReports([report("accepted", expired, [known])], ["pkits.json"]);
    expect(text).toContain(
      "made up suite: one: false-reject, got refused expired at 1 [known: so that it can be tested]",
    );
    expect(text).toContain("skipped: pkits.json is not in the folder");
  });
});

describe("the list of known divergences", () => {
  test("says of each what is expected, what comes and why", () => {
    for (const exception of readExceptions()) {
      expect(exception).toMatchObject({ suite: expect.any(String), actual: expect.any(String) });
      expect(exception.reason.length).toBeGreaterThan(20);
      expect(exception.id ?? exception.code ?? exception.at).toBeDefined();
    }
  });
});

describe("server names, which the engine does not know", () => {
  const server = testPki()
    .root("Root")
    .server("a.test", {
      subjectAltName: [
        { dns: "*.b.test" },
        { dns: "a.test" },
        { ip: Uint8Array.of(127, 0, 0, 1) },
        { email: "me@a.test" },
      ],
    }).certificate;

  test.each([
    ["DNS", "A.test", true],
    ["DNS", "x.b.test", true],
    ["DNS", "b.test", false],
    ["DNS", "x.y.b.test", false],
    ["IP", "127.0.0.1", true],
    ["IP", "::1", false],
    ["RFC822", "me@a.test", true],
  ] as const)("%s %s: %s", (kind, value, expected) => {
    expect(bearsName(server, { kind, value })).toBe(expected);
  });
});

describe("the runner of cases", () => {
  /** Stands for the real one: its second case never ends. */
  const source = `
    import { parentPort, workerData } from "node:worker_threads";
    for (let position = workerData.from; position < 3; position++) {
      if (position === 1) for (;;);
      parentPort.postMessage({ position, ran: { outcome: { verdict: "accepted" }, cpuMs: 1 } });
    }`;
  const worker = new URL(`data:text/javascript,${encodeURIComponent(source)}`);

  test("kills a case that hangs, counts it, and goes on with the next", async () => {
    const results = await runSuite("", "", 3, { worker, hangAfterMs: 1_000 });
    expect(results.map(({ outcome }) => describeOutcome(outcome))).toEqual(["accepted", "hang", "accepted"]);
  });
});

describe("npm run conformance", () => {
  const run = (folder: string, ...options: readonly string[]) =>
    spawnSync(process.execPath, ["tools/conformance/main.ts", ...options], {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, TCM_CONFORMANCE_DIR: folder },
      encoding: "utf8",
    });

  test("exits 2 and names what is missing where the folder holds no suite", () => {
    const { status, stdout } = run(temporaryDirectory());
    expect(status).toBe(2);
    expect(stdout).toContain("skipped: pkits.json is not in the folder");
  });

  test("exits 1 below the floor, with the miss as JSON", () => {
    const folder = temporaryDirectory();
    const wrong = {
      id: "9.9.9",
      name: "Wrong",
      certs: ["a", "b"],
      crls: [],
      should_validate: true,
      initial_policy_set: [],
    };
    writeFileSync(join(folder, "pkits.json"), JSON.stringify({ time: 0, tests: [wrong], certs: {}, crls: {} }));
    const { status, stdout } = run(folder, "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      reports: [{ suite: "pkits", cases: 1, falseRejects: 1, misses: [{ id: "9.9.9 Wrong", kind: "false-reject" }] }],
    });
  });
});

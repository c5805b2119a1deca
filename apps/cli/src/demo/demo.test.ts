import { readdirSync } from "node:fs";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openWorkplace } from "../testing/open-workplace.ts";
import { runTcm } from "../testing/run-tcm.ts";
import type { Check, Step } from "./demo-report.ts";

type Result = { readonly ok: boolean; readonly steps: readonly Step[] };

/** What the demo must have tried, whatever words it is told in. */
const essentials = [
  "all of it is named",
  "nothing was written",
  "the partner's client is accepted",
  "a stranger's client is refused",
  "a client without a certificate is refused",
  "both networks serve it",
  "the set cannot be taken away while it is used",
  "a client of the old CA is accepted",
  "a client of the new CA is accepted",
  "the old client's open connection was closed before COMPLETE",
  "the old client, connecting afresh, is refused",
  "the old client, resuming its TLSv1.2 session, is refused",
  "the old client, resuming its TLSv1.3 session, is refused",
  "the new client never noticed",
];

function expectWhole({ ok, steps }: Result): void {
  const checks: readonly Check[] = steps.flatMap((step) => step.checks);
  expect(checks.filter(({ held }) => !held)).toEqual([]);
  expect(checks.map(({ expectation }) => expectation)).toEqual(expect.arrayContaining(essentials));
  expect(ok).toBe(true);
}

describe("tcm demo", () => {
  test("walks the whole journey on a temporary instance, and leaves nothing behind", async () => {
    const directory = temporaryDirectory();
    const { code, out } = await runTcm(["demo", "--json"], { environment: { TMPDIR: directory } });
    expectWhole(JSON.parse(out) as Result);
    expect(code).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("walks it on a running instance, as often as wanted", async () => {
    const { instance, environment: address, tcm } = await openWorkplace();
    const environment = { ...address, TCM_DATA: instance.data };
    for (let round = 0; round < 2; round++) {
      const { code, out } = await runTcm(["demo", "--json"], { environment });
      expectWhole(JSON.parse(out) as Result);
      expect(code).toBe(0);
    }
    expect((await tcm("status")).out).toContain("Nothing needs attention.");
  });

  test("says with 5 that there is nobody, where it was told to look", async () => {
    const environment = { TCM_URL: "http://127.0.0.1:9", TCM_TOKEN: "tcm_x" };
    expect((await runTcm(["demo"], { environment })).code).toBe(5);
  });
});

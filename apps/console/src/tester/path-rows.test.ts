import type { VerificationView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { pathRows, stopFacts } from "./path-rows.ts";

const one = (subject: string) => ({ subject, fingerprint: subject.padEnd(64, "0"), endDate: "2027-01-01T00:00:00Z" });
const [client, issuing, root] = [one("CN=client"), one("CN=issuing"), one("CN=root")];
type Stop = VerificationView["attempts"][number]["stop"];
const stop = (index: number, more: Partial<Stop> = {}): Stop => ({
  code: "issuer-not-found",
  index,
  certificate: issuing,
  cites: "RFC 5280 §6.1",
  sentence: "No issuer.",
  ...more,
});

describe("every path that was tried is a row", () => {
  test("the accepted one first, from the client to the anchor", () => {
    const rows = pathRows({
      path: [client, issuing, root],
      attempts: [{ certificates: [client, issuing], stop: stop(1) }],
    });
    expect(rows.map(({ steps, stop: end }) => [steps.map(({ role }) => role), end?.code])).toEqual([
      [["client", "issuing CA", "trust anchor"], undefined],
      [["client", "issuing CA"], "issuer-not-found"],
    ]);
    expect(rows[0]?.steps.some(({ isStop }) => isStop)).toBe(false);
  });

  test("one that ended marks where, and the last one when what comes next is missing", () => {
    const ended = (index: number) =>
      pathRows({ attempts: [{ certificates: [client, issuing], stop: stop(index) }] })[0]?.steps.map(
        ({ isStop }) => isStop,
      );
    expect(ended(0)).toEqual([true, false]);
    expect(ended(1)).toEqual([false, true]);
    expect(ended(2)).toEqual([false, true]);
  });

  test("a client that is an anchor itself is a client", () => {
    expect(pathRows({ path: [client], attempts: [] })[0]?.steps).toMatchObject([{ role: "client" }]);
  });
});

test("the facts of a stop are told as far as there are any", () => {
  expect(stopFacts(stop(0))).toBe("");
  expect(stopFacts(stop(0, { expected: "cA TRUE", actual: "cA FALSE", openSslError: 79 }))).toBe(
    "Expected cA TRUE, found cA FALSE. Engines on OpenSSL log it as error 79.",
  );
});

import { describe, expect, test } from "vitest";
import { describeTrustOpening, type GuardedHostnames, trustOpenings } from "./trust-openings.ts";

const deny = (...hostnames: string[]): GuardedHostnames => ({ hostnames, mode: "deny" });
const observe = (...hostnames: string[]): GuardedHostnames => ({ hostnames, mode: "observe" });
const nobody = new Map<string, number>();

describe("what a change of an edge certificate opens", () => {
  test.each([
    ["nothing, when it begins to guard", undefined, deny("a.x"), []],
    ["nothing, when observe becomes deny", observe("a.x"), deny("a.x"), []],
    ["nothing, when it observed before", observe("a.x", "b.x"), observe("b.x", "a.x"), []],
    ["nothing, when its own wildcard still covers what goes", deny("a.x", "*.x"), deny("*.x"), []],
    ["observed, from the start", undefined, observe("b.x", "a.x"), ["a.x observed", "b.x observed"]],
    ["observed, by deny that becomes observe", deny("a.x"), observe("a.x"), ["a.x observed"]],
    ["observed, by a hostname more", observe("a.x"), observe("a.x", "b.x"), ["b.x observed"]],
    ["observed, by a wildcard in place of a name", deny("a.x"), observe("*.x"), ["*.x observed"]],
    ["unbound, hostname by hostname", deny("a.x", "b.x"), deny("b.x"), ["a.x unbound"]],
    ["unbound, as a whole", observe("a.x", "*.x"), undefined, ["*.x unbound", "a.x unbound"]],
    ["unbound, where a wildcard covers one label alone", deny("a.b.x", "*.x"), deny("*.x"), ["a.b.x unbound"]],
    ["both at once", deny("a.x"), observe("b.x"), ["a.x unbound", "b.x observed"]],
  ] as const)("%s", (_what, before, after, expected) => {
    const found = trustOpenings(before, after, nobody).map(({ hostname, effect }) => `${hostname} ${effect}`);
    expect(found).toEqual(expected);
  });

  test("a hostname that goes falls to the wildcard that covers it: open, when that only observes", () => {
    const watched = new Map([["*.x", 7]]);
    const fallen = { hostname: "a.x", effect: "observed", edgeCertificateId: 7 };
    expect(trustOpenings(deny("a.x"), undefined, watched)).toEqual([fallen]);
    expect(trustOpenings(deny("a.b.x"), undefined, watched)).toEqual([{ hostname: "a.b.x", effect: "unbound" }]);
    expect(describeTrustOpening({ hostname: "a.x", effect: "observed", edgeCertificateId: 7 })).toContain(
      "wildcard of edge certificate 7",
    );
  });
});

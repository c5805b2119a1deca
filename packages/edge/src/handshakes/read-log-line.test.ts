import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nothingServed } from "../served/served-state.ts";
import { maxLogLineBytes } from "./log-format.ts";
import { ProxyHandshakes } from "./proxy-handshakes.ts";
import { readHaproxyLine, readNginxLine } from "./read-log-line.ts";

const root = testPki().root("Root");
const leaf = root.leaf("client");
const base64 = Buffer.from(leaf.der).toString("base64");
const chain = Buffer.concat([leaf.der, root.der]).toString("base64");
const escaped = encodeURIComponent(leaf.pem.trim()).replaceAll("%2B", "+").replaceAll("+", "%2B");

describe("a line of HAProxy", () => {
  test("of a connection's first request is one handshake, with what the client sent", () => {
    const read = readHaproxyLine(`TCM1 ca-set/7 ok 1 ${base64} ${chain}\r`);
    expect(read).toMatchObject({ entryId: "ca-set/7", outcome: "accepted" });
    expect(read?.presented.map((der) => der.length)).toEqual([leaf.der.length, leaf.der.length, root.der.length]);
  });

  test("of a later request, or without a certificate, is none", () => {
    expect(readHaproxyLine(`TCM1 ca-set/7 ok 0 ${base64} -`)).toBeUndefined();
    expect(readHaproxyLine("TCM1 ca-set/7 ok 1 - -")).toBeUndefined();
  });

  test.each([
    [`TCM1 ca-set/7 err 167772294 20 0 ${base64}`, { outcome: "refused", verifyError: 20 }],
    [`TCM1 ca-set/7 err 167772294 0 10 ${base64}`, { outcome: "refused", verifyError: 10 }],
    ["TCM1 edge-certificate/3 err 167772359 0 0 -", { outcome: "no-certificate", entryId: "edge-certificate/3" }],
    ["TCM1 ca-set/7 err 167772316 0 0 -", { outcome: "failed" }],
  ])("of a handshake that failed says how: %s", (line, expected) => {
    expect(readHaproxyLine(line)).toMatchObject(expected);
  });
});

describe("a line of NGINX", () => {
  test.each([
    [`TCM1 ca-set/7 1795562000.501 ${escaped} SUCCESS`, "accepted", 1],
    [`TCM1 ca-set/7 1795562000.501 ${escaped} FAILED:certificate has expired`, "refused", 1],
    ["TCM1 ca-set/7 1795562000.501 - NONE", "no-certificate", 0],
  ])("says what the verdict was, and when", (line, outcome, certificates) => {
    const read = readNginxLine(line);
    expect(read).toMatchObject({ entryId: "ca-set/7", atMs: 1_795_562_000_501, outcome });
    expect(read?.presented).toHaveLength(certificates);
    if (certificates > 0) expect(Buffer.from(read?.presented[0] ?? []).equals(leaf.der)).toBe(true);
  });
});

const hostile = [
  ["escape sequences", "TCM1 ca-set/7 ok 1 \u001b[31mMIIB\u001b[0m -"],
  ["a forged entry", "TCM1 ca-set/../../etc ok 1 MIIB -"],
  ["a name in place of base64", "TCM1 ca-set/7 ok 1 /CN=someone -"],
  ["a server name that begins like a line", "203.0.113.9 TCM1 ca-set/7 ok 1 MIIB -"],
  ["bytes of no encoding", "TCM1 ca-set/7 ok 1 \u00ff\u00fe\u0000 -"],
  ["more fields", `TCM1 ca-set/7 ok 1 ${base64} ${base64} ${base64}`],
  ["more than a line may hold", `TCM1 ca-set/7 ok 1 ${"A".repeat(65_536)} -`],
  ["nothing", ""],
] as const;

describe("what is no line of ours", () => {
  test.each(hostile)("with %s is passed over", (_what, line) => {
    expect(readHaproxyLine(line)).toBeUndefined();
    expect(readNginxLine(line)).toBeUndefined();
  });

  test("of whatever bytes is read without throwing, and nothing but certificates comes out", () => {
    const prefix = fc.constantFrom(
      "",
      "TCM1 ",
      "TCM1 ca-set/7 ok 1 ",
      "TCM1 ca-set/7 err 1 2 3 ",
      "TCM1 ca-set/7 1.000 ",
    );
    const handshakes = new ProxyHandshakes({ crypto: nodeCrypto, clock: Date.now, state: () => nothingServed });
    fc.assert(
      fc.property(
        prefix,
        fc.oneof(fc.string({ unit: "binary" }), fc.base64String({ maxLength: 300 })),
        (head, tail) => {
          for (const read of [readHaproxyLine, readNginxLine]) {
            const logged = read(head + tail);
            if (logged === undefined) continue;
            expect(logged.entryId).toBe("ca-set/7");
            for (const der of logged.presented) expect(der[0]).toBe(0x30);
            expect(handshakes.seen(logged)?.kind.anchor ?? "").toBe("");
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a certificate that was altered anywhere is counted without an anchor, and as nobody's", () => {
    const handshakes = new ProxyHandshakes({ crypto: nodeCrypto, clock: Date.now, state: () => nothingServed });
    fc.assert(
      fc.property(fc.nat(leaf.der.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
        const der = Uint8Array.from(leaf.der);
        der[position] = (der[position] ?? 0) ^ flip;
        const logged = readHaproxyLine(`TCM1 ca-set/7 err 167772294 7 0 ${Buffer.from(der).toString("base64")}`);
        const seen = logged && handshakes.seen(logged);
        expect(seen?.kind).toMatchObject({ outcome: "refused", anchor: "" });
        expect(seen?.client).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("the longest line that is read costs milliseconds", () => {
    const line = `TCM1 ca-set/7 ok 1 ${"A".repeat(maxLogLineBytes)}`;
    expect(readHaproxyLine(line)).toBeUndefined();
    expect(readNginxLine(`TCM1 ca-set/7 1.000 ${"%".repeat(maxLogLineBytes - 40)} SUCCES`)).toBeUndefined();
  });
});

import { maxNodeLineBytes, nodeMessage } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { reached, rejected } from "../entries/rejection.ts";
import { renderHello } from "./render-hello.ts";

const hello = {
  type: "hello",
  protocolVersion: 1,
  nodeId: "staging-edge",
  network: "STAGING",
  engine: "memory",
  engineVersion: "1",
  highestLevel: "verified",
  address: "127.0.0.1:7443",
} as const;

const entry = (number: number) => ({
  entryId: `ca-set/${number}`,
  generation: { epoch: 1, number },
  digest: "ab".repeat(32),
});

describe("a hello is one line of the protocol", () => {
  test("with 2,000 entries in ordinary states", () => {
    const reports = Array.from({ length: 2_000 }, (_, i) => reached(entry(i + 1), "verified", "300 anchors read back"));
    const { line, rest } = renderHello(hello, reports);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxNodeLineBytes);
    expect(nodeMessage.parse(JSON.parse(line))).toMatchObject({ entries: reports });
    expect(rest).toEqual([]);
  });

  test("with 2,000 long rejections, of which those that do not fit follow alone", () => {
    const rejection = { code: "engine-refused", detail: "ü".repeat(5_000) } as const;
    const reports = Array.from({ length: 2_000 }, (_, i) => rejected(entry(i + 1), rejection));
    const { line, rest } = renderHello(hello, reports);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxNodeLineBytes);
    const parsed = nodeMessage.parse(JSON.parse(line));
    expect(parsed.type === "hello" && [...parsed.entries, ...rest]).toEqual(reports);
    expect(rest.length).toBeGreaterThan(0);
  });
});

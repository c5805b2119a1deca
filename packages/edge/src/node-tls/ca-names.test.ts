import { caListBytes, maxCaListBytes } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { binding, caSet, openTestEdge, pki, send } from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");
/** A name of 1,000 bytes and some. */
const long = (n: number) => pki.root(`${n}`, { subject: { O: "o".repeat(970), CN: `CA ${n}` } });

describe("advertised CA names", () => {
  const many = [root, ...Array.from({ length: 64 }, (_, n) => long(n))];
  const tooMany = [...many, long(64), long(65)];

  test.each([
    "TLSv1.2",
    "TLSv1.3",
  ] as const)("up to nearly 64 KiB leave every handshake working in %s", async (maxVersion) => {
    expect(caListBytes(many.map(({ certificate }) => certificate))).toBeGreaterThan(60_000);
    const edge = await openTestEdge();
    await edge.deploy(caSet(many));
    expect(await edge.deploy(binding(["shop.example"], { sendCaListToClient: true }))).toMatchObject({ ok: true });
    expect(await send(edge, { client, maxVersion })).toMatchObject({ status: 200 });
  });

  test("past 65,535 bytes are refused, whichever of set and hostname comes second, and the old state stays", async () => {
    expect(caListBytes(tooMany.map(({ certificate }) => certificate))).toBeGreaterThan(maxCaListBytes);
    const edge = await openTestEdge();
    const silent = binding(["shop.example"]);
    const sending = binding(["shop.example"], { sendCaListToClient: true });
    expect(await edge.deploy(caSet(tooMany))).toMatchObject({ ok: true });
    expect(await edge.deploy(silent)).toMatchObject({ ok: true });
    expect(await edge.deploy(sending)).toMatchObject({
      ok: false,
      code: "engine-refused",
      detail: expect.stringContaining("65535"),
    });
    expect(await send(edge, { client })).toMatchObject({ status: 200 });
    expect(await edge.deploy(caSet([root], 2))).toMatchObject({ ok: true });
    expect(await edge.deploy(sending)).toMatchObject({ ok: true });
    expect(await edge.deploy(caSet(tooMany, 3))).toMatchObject({ ok: false, code: "engine-refused" });
    expect(await send(edge, { client })).toMatchObject({ status: 200, json: { version: 2 } });
  });
});

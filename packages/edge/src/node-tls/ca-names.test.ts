import { caListBytes, maxCaListBytes } from "@tcm/core";
import type { TestCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { binding, caSet, openTestEdge, pki, send } from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const client = root.leaf("client-1");

const total = (anchors: readonly TestCertificate[]) => caListBytes(anchors.map(({ certificate }) => certificate));

/** A CA whose name takes as many bytes of the list; `n` tells it from others. */
function named(bytes: number, n: number) {
  const withO = (length: number) => pki.root("", { subject: { O: "o".repeat(length), CN: `CA ${n}` } });
  return withO(bytes - (total([withO(300)]) - 300));
}

const limit = maxCaListBytes;
const base = [root, ...Array.from({ length: 64 }, (_, n) => named(1_000, n))];
const most = [...base, named(limit - total(base), 64)];
const tooMany = [...base, named(limit + 1 - total(base), 64)];

describe("advertised CA names", () => {
  test.each([
    "TLSv1.2",
    "TLSv1.3",
  ] as const)("up to the limit leave every handshake working in %s", async (maxVersion) => {
    expect(total(most)).toBe(limit);
    const edge = await openTestEdge();
    await edge.deploy(caSet(most));
    expect(await edge.deploy(binding(["shop.example"], { sendCaListToClient: true }))).toMatchObject({ ok: true });
    expect(await send(edge, { client, maxVersion })).toMatchObject({ status: 200 });
  });

  test("past the limit are refused, whichever of set and hostname comes second, and the old state stays", async () => {
    const edge = await openTestEdge();
    const silent = binding(["shop.example"]);
    const sending = binding(["shop.example"], { sendCaListToClient: true });
    const detail = `the CA names of set 1 take ${limit + 1} bytes of at most ${limit} in a handshake`;
    expect(await edge.deploy(caSet(tooMany))).toMatchObject({ ok: true });
    expect(await edge.deploy(silent)).toMatchObject({ ok: true });
    expect(await edge.deploy(sending)).toEqual({ ok: false, code: "engine-refused", detail });
    expect(await send(edge, { client })).toMatchObject({ status: 200 });
    expect(await edge.deploy(caSet([root], 2))).toMatchObject({ ok: true });
    expect(await edge.deploy(sending)).toMatchObject({ ok: true });
    expect(await edge.deploy(caSet(tooMany, 3))).toEqual({ ok: false, code: "engine-refused", detail });
    expect(await send(edge, { client })).toMatchObject({ status: 200, json: { version: 2 } });
  });

  test("are counted once where CAs share one", async () => {
    const renewed = base.slice(1).map((authority) => authority.renew());
    const edge = await openTestEdge();
    await edge.deploy(caSet([...base, ...renewed]));
    expect(await edge.deploy(binding(["shop.example"], { sendCaListToClient: true }))).toMatchObject({ ok: true });
    expect(await send(edge, { client })).toMatchObject({ status: 200 });
  });
});

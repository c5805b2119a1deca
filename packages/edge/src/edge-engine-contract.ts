import type { TestCertificate } from "@tcm/testkit";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { EdgeEngine, EngineContent, EntryChange } from "./edge-engine.ts";
import { binding, caSet, changeSequence } from "./node-tls/edge-under-test.ts";

/** An engine of its own for one test, and a way to see what a client meets there. */
export type OpenedForContract = {
  readonly engine: EdgeEngine;
  /** Whether the client is let in at the hostname at this moment; undefined when the hostname is not served. */
  readonly accepts: (hostname: string, client: TestCertificate) => Promise<boolean | undefined>;
};

const shop = "shop.example";
const trial = "ca-set-1.tcm.internal";

/** What every engine keeps to, whatever it is made of. `open` also sees to it that the engine is closed after the test. */
export function describeEdgeEngine(name: string, open: () => Promise<OpenedForContract>): void {
  const pki = testPki({ now: new Date() });
  const root = pki.root("Contract Root");
  const issuing = root.intermediate("Contract Issuing");
  const client = issuing.leaf("client");
  const other = pki.root("Other Root");
  const otherClient = other.leaf("other client");

  async function opened() {
    const { engine, accepts } = await open();
    const changes = changeSequence();
    const apply = async (content: EngineContent) => {
      const change = changes.to(content);
      return { change, outcome: await engine.apply(change) };
    };
    return { engine, accepts, changes, apply };
  }

  describe(`${name}: a set`, () => {
    test("is served once it is applied, each member an anchor, and proved", async () => {
      const { engine, accepts, apply } = await opened();
      const { change, outcome } = await apply(caSet([issuing]));
      expect(outcome).toMatchObject({ ok: true });
      expect(await engine.verify(change)).toMatchObject({ ok: true });
      expect(await accepts(trial, client)).toBe(true);
      expect(await accepts(trial, otherClient)).toBe(false);
    });

    test("is not served before", async () => {
      const { accepts } = await opened();
      expect(await accepts(trial, client)).toBeUndefined();
    });

    test("replaces the one before as a whole", async () => {
      const { accepts, apply } = await opened();
      await apply(caSet([root]));
      await apply(caSet([other], 2));
      expect(await accepts(trial, client)).toBe(false);
      expect(await accepts(trial, otherClient)).toBe(true);
    });

    test("may be applied twice", async () => {
      const { engine, accepts, apply } = await opened();
      const { change } = await apply(caSet([root]));
      expect(await engine.apply(change)).toMatchObject({ ok: true });
      expect(await engine.verify(change)).toMatchObject({ ok: true });
      expect(await accepts(trial, client)).toBe(true);
    });

    test("is no longer served once it is withdrawn, which may be asked for twice", async () => {
      const { engine, accepts, apply, changes } = await opened();
      await apply(caSet([root]));
      const withdrawal = changes.away(caSet([root]));
      for (let times = 0; times < 2; times++) {
        expect(await engine.apply(withdrawal)).toMatchObject({ ok: true });
        expect(await engine.verify(withdrawal)).toMatchObject({ ok: true });
      }
      expect(await accepts(trial, client)).toBeUndefined();
    });
  });

  const unservable: readonly [string, EngineContent][] = [
    ["an empty set", caSet([], 2)],
    ["an anchor that is not whole", withAnchors(caSet([other], 2), (der) => der.slice(0, -1))],
    ["an anchor with bytes after it", withAnchors(caSet([other], 2), (der) => Uint8Array.of(...der, 0))],
    ["anchors other than the content names", { ...caSet([other], 2), anchors: [root.certificate] } as EngineContent],
    ["a hostname that is reserved", binding([trial])],
    ["a hostname that is none", binding(["shop_example"])],
  ];

  describe(`${name}: what cannot be served`, () => {
    test.each(unservable)("is refused in words, and all stays as it was: %s", async (_what, content) => {
      const { engine, accepts, apply } = await opened();
      const { change: before } = await apply(caSet([root]));
      const { change, outcome } = await apply(content);
      expect(outcome).toMatchObject({ ok: false, code: "engine-refused", detail: expect.stringMatching(/\w+ \w+/) });
      expect(await engine.verify(change)).toMatchObject({ ok: false, code: "proof-failed" });
      expect(await engine.verify(before)).toMatchObject({ ok: true });
      expect(await accepts(trial, client)).toBe(true);
      expect(await accepts(trial, otherClient)).toBe(false);
    });

    test("holds up no other entry", async () => {
      const { accepts, apply } = await opened();
      await apply(caSet([], 1, "2"));
      expect((await apply(caSet([root]))).outcome).toMatchObject({ ok: true });
      expect(await accepts(trial, client)).toBe(true);
    });

    test("is content under the name of another entry", async () => {
      const { engine, changes } = await opened();
      const change: EntryChange = { ...changes.to(caSet([root])), entryId: "ca-set/2" };
      expect(await engine.apply(change)).toMatchObject({ ok: false, code: "engine-refused" });
    });
  });

  describe(`${name}: an edge certificate`, () => {
    test("guards its hostnames with its set, whichever came first", async () => {
      const { engine, accepts, apply } = await opened();
      const { change, outcome } = await apply(binding([shop]));
      expect(outcome).toMatchObject({ ok: true });
      expect(await accepts(shop, client)).toBe(false);
      await apply(caSet([root]));
      expect(await engine.verify(change)).toMatchObject({ ok: true });
      expect(await accepts(shop, client)).toBe(true);
      expect(await accepts(shop, otherClient)).toBe(false);
    });

    test("lets in nobody while its set is withdrawn", async () => {
      const { engine, accepts, apply, changes } = await opened();
      await apply(binding([shop]));
      await apply(caSet([root]));
      await engine.apply(changes.away(caSet([root])));
      expect(await accepts(shop, client)).toBe(false);
    });

    test("cannot take a hostname from another", async () => {
      const { accepts, apply } = await opened();
      await apply(caSet([root]));
      await apply(binding([shop]));
      const { outcome } = await apply(binding(["a.example", shop], { id: 2, mode: "observe" }));
      expect(outcome).toMatchObject({ ok: false, code: "engine-refused" });
      expect(await accepts("a.example", client)).toBeUndefined();
      expect(await accepts(shop, otherClient)).toBe(false);
    });

    test("that is withdrawn leaves its hostnames unserved", async () => {
      const { engine, accepts, apply, changes } = await opened();
      await apply(caSet([root]));
      await apply(binding([shop]));
      const withdrawal = changes.away(binding([shop]));
      await engine.apply(withdrawal);
      expect(await engine.verify(withdrawal)).toMatchObject({ ok: true });
      expect(await accepts(shop, client)).toBeUndefined();
    });
  });

  describe(`${name}: a proof`, () => {
    test("fails for what was not applied", async () => {
      const { engine, apply, changes } = await opened();
      await apply(caSet([root]));
      expect(await engine.verify(changes.to(caSet([root, other], 2)))).toMatchObject({
        ok: false,
        code: "proof-failed",
      });
      expect(await engine.verify(changes.away(caSet([root])))).toMatchObject({ ok: false, code: "proof-failed" });
    });
  });

  test(`${name}: a closed engine refuses, and may be closed again`, async () => {
    const { engine, apply } = await opened();
    await engine.close();
    await engine.close();
    expect((await apply(caSet([root]))).outcome).toMatchObject({ ok: false, code: "engine-refused" });
  });
}

function withAnchors(content: EngineContent, change: (der: Uint8Array) => Uint8Array): EngineContent {
  if (content.kind !== "ca-set") return content;
  return { ...content, anchors: content.anchors.map((anchor) => ({ ...anchor, der: change(anchor.der) })) };
}

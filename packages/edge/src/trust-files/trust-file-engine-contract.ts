import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { readFileSync, writeFileSync } from "node:fs";
import { parseCertificate } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { TestCertificate } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { EngineContent } from "../edge-engine.ts";
import { binding, caSet, pki } from "../node-tls/edge-under-test.ts";
import { resumptionOffer } from "../probe/resumption-offer.ts";
import { takeSession } from "../probe/resumption-probe.ts";
import { denyAllAuthority } from "./deny-all.ts";
import { describeForwardedIdentity } from "./forwarded-identity-contract.ts";
import { type EngineUnderTest, openHeldUpstream, openSocket, shop, trial, visit } from "./engines-under-test.ts";
import { replaceFile } from "./replace-file.ts";
import { renderTrustPem } from "./render-trust-pem.ts";
import { trustFilePath } from "./trust-file.ts";

export type ProxyUnderTest = EngineUnderTest & {
  kill(): Promise<void>;
  start(): Promise<void>;
  reopen(): Promise<EngineUnderTest>;
};

/** `upstream`: what the listeners pass requests to. `configure`: the configuration before it is written. */
export type OpenProxy = (options?: {
  readonly upstream?: string;
  readonly configure?: (configuration: string) => string;
}) => Promise<ProxyUnderTest>;

export type ProxyTraits = {
  /** Makes the configuration hand out sessions that outlive the trust they were made under. */
  readonly withResumption: (configuration: string) => string;
  /** Makes the configuration tell clients the names of its CAs. */
  readonly withNames: (configuration: string) => string;
  /** It can be read back what is trusted, so that no two CAs are taken for each other. */
  readonly readsBack: boolean;
  /** What is trusted belongs to a session: after a removal none from before it is resumed, whatever the configuration says. */
  readonly isolatesSessions?: boolean;
  /** It has a way to drop the trailers of requests, which the configuration that we print takes. */
  readonly dropsTrailers: boolean;
};

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const issuing = leaving.intermediate("Leaving Issuing");
const kept = staying.leaf("kept");
const removed = issuing.leaf("removed");

function longName(i: number) {
  return { CN: `${i} `.padEnd(64, "x"), O: "o".repeat(64), OU: "u".repeat(64), L: "l".repeat(64) };
}

/** A test that belongs to engines of another kind. */
const ignored = (_name: string, _test: () => unknown) => undefined;

/** The set, and a root whose name is no UTF-8: our parser reads it, and OpenSSL does not. */
function withUnreadable(others: readonly TestCertificate[], version: number): EngineContent {
  const der = Buffer.from(pki.root("Odd Name").der);
  for (let at = der.indexOf("Odd Name"); at >= 0; at = der.indexOf("Odd Name")) der.fill(0xff, at, at + 3);
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  const anchors = [...others.map(({ certificate }) => certificate), parsed.certificate];
  const fingerprints = anchors.map(({ fingerprint }) => fingerprint).toSorted();
  const named = { kind: "ca-set", caSetId: "1", caSetName: "partners-1", version, fingerprints } as const;
  return { kind: "ca-set", caSet: named, anchors };
}

/** What every proxy that is driven by trust files keeps to, seen by real clients: edges.md §0 to §1.5. */
export function describeTrustFileEngine(name: string, open: OpenProxy, traits: ProxyTraits): void {
  async function openBoth(options: Parameters<OpenProxy>[0] = {}) {
    const proxy = await open(options);
    expect(await proxy.deploy(binding([shop]))).toMatchObject({ ok: true });
    expect(await proxy.deploy(caSet([staying, leaving]))).toMatchObject({ ok: true });
    return proxy;
  }
  const reach = (proxy: EngineUnderTest, client: TestCertificate, version?: "TLSv1.2" | "TLSv1.3") =>
    visit({ port: proxy.portOf(shop), hostname: shop, client, ...(version && { version }) });
  const target = (proxy: EngineUnderTest) => ({ host: "127.0.0.1", port: proxy.portOf(shop), serverName: shop });

  describe(`${name}: what is trusted`, () => {
    test("an intermediate alone is an anchor, and its root is not", async () => {
      const proxy = await open();
      await proxy.deploy(binding([shop]));
      expect(await proxy.deploy(caSet([issuing]))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed)).toBe(200);
      expect(await reach(proxy, leaving.intermediate("Another Issuing").leaf("other"))).not.toBe(200);
    });

    test("anchors of every kind of key are seen to come and to go", async () => {
      const proxy = await openBoth();
      const kinds = (["rsa2048", "p384", "p521", "ed25519", "ed448"] as const).map((keyType) =>
        pki.root(`Root ${keyType}`, { keyType }),
      );
      expect(await proxy.deploy(caSet([staying, ...kinds], 2))).toMatchObject({ ok: true });
      for (const kind of kinds) expect(await reach(proxy, kind.leaf("x"))).toBe(200);
      expect(await proxy.deploy(caSet([staying], 3))).toMatchObject({ ok: true });
      for (const kind of kinds) expect(await reach(proxy, kind.leaf("x"))).not.toBe(200);
    });

    test("an anchor that has expired is served, proved, and lets in nobody", async () => {
      const day = 86_400;
      const expired = pki.root("Expired Root", { notBefore: pki.now - 30 * day, notAfter: pki.now - day });
      const proxy = await openBoth();
      expect(await proxy.deploy(caSet([staying, expired], 2))).toMatchObject({ ok: true });
      expect(await reach(proxy, expired.leaf("x"))).not.toBe(200);
      expect(await reach(proxy, kept)).toBe(200);
    });

    test("two CAs of one name without key identifiers are told apart where they can be read back", async () => {
      const nameless = () => pki.root("One Name", { subjectKeyIdentifier: false });
      const proxy = await openBoth();
      const outcome = await proxy.deploy(caSet([staying, nameless(), nameless()], 2));
      if (traits.readsBack) expect(outcome).toMatchObject({ ok: true });
      else expect(outcome).toMatchObject({ ok: false, code: "unprovable", detail: expect.stringMatching(/one name/) });
      expect(await reach(proxy, kept)).toBe(200);
    });
  });

  describe(`${name}: after a CA is removed and that is verified`, () => {
    test.each(["TLSv1.2", "TLSv1.3"] as const)("its clients are refused, fresh and resumed, in %s", async (version) => {
      const proxy = await openBoth();
      const session = await takeSession(target(proxy), removed, version);
      expect(await reach(proxy, removed, version)).toBe(200);
      expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed, version)).not.toBe(200);
      expect(await session.resumes()).toBe(false);
      expect(await reach(proxy, kept, version)).toBe(200);
    });

    test("its idle connection is closed", async () => {
      const proxy = await openBoth();
      const socket = await keptOpen(proxy, removed);
      let isClosed = false;
      const closed = once(socket, "close").then(() => (isClosed = true));
      expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
      await closed;
      expect(isClosed).toBe(true);
    });

    test("its request in flight has been cut off after the grace", async () => {
      const upstream = await openHeldUpstream();
      const proxy = await openBoth({ upstream: upstream.address });
      const arrival = upstream.next();
      const answer = reach(proxy, removed);
      await arrival;
      expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
      expect(await answer).not.toBe(200);
    });

    test("it can come back by a roll back", async () => {
      const proxy = await openBoth();
      await proxy.deploy(caSet([staying], 2));
      expect(await proxy.deploy(caSet([staying, leaving]))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed)).toBe(200);
    });
  });

  describe(`${name}: where sessions are resumed`, () => {
    async function openResuming() {
      const proxy = await open({ configure: traits.withResumption });
      await proxy.deploy(binding([shop]));
      await proxy.apply(caSet([staying, leaving]));
      const offer = await resumptionOffer(target(proxy));
      expect(offer?.tickets || offer?.sessionIds).toBe(true);
      return proxy;
    }

    const ifIsolated = traits.isolatesSessions ? test : ignored;
    const ifNotIsolated = traits.isolatesSessions ? ignored : test;

    ifIsolated("none is after a removal, which is verified", async () => {
      const proxy = await openResuming();
      expect(proxy.engine.description.highestLevel).toBe("verified");
      const versions = ["TLSv1.2", "TLSv1.3"] as const;
      const take = (client: TestCertificate) =>
        Promise.all(versions.map((version) => takeSession(target(proxy), client, version)));
      const sessions = await take(removed);
      expect(await Promise.all(sessions.map((session) => session.resumes()))).toEqual([true, true]);
      expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
      expect(await Promise.all(sessions.map((session) => session.resumes()))).toEqual([false, false]);
      expect(await reach(proxy, removed)).not.toBe(200);
    });

    ifNotIsolated("a removal is applied and never called verified, and the probe shows why", async () => {
      const proxy = await openResuming();
      expect(proxy.engine.description.highestLevel).toBe("applied");
      const session = await takeSession(target(proxy), removed, "TLSv1.2");
      const outcome = await proxy.deploy(caSet([staying], 2));
      expect(outcome).toMatchObject({ ok: false, code: "unprovable", detail: expect.stringMatching(/session|ticket/) });
      expect(await reach(proxy, removed)).not.toBe(200);
      expect(await session.resumes()).toBe(true);
    });
  });

  describe(`${name}: what its first message says`, () => {
    test("is that nothing is resumed, by the configuration that we print", async () => {
      const proxy = await open();
      expect(await resumptionOffer(target(proxy))).toEqual({ tickets: false, sessionIds: false });
    });
  });

  describe(`${name}: when things go wrong`, () => {
    test("names that no handshake can hold are refused where the configuration sends them, whatever the agent was told", async () => {
      const proxy = await open({ configure: traits.withNames });
      expect(proxy.engine.findings).toContainEqual(expect.objectContaining({ code: "ca-names-sent" }));
      expect(proxy.engine.description.sendsCaNames).toBe("every");
      await proxy.deploy(binding([shop]));
      expect(await proxy.deploy(caSet([staying, leaving]))).toMatchObject({ ok: true });
      const wordy = Array.from({ length: 300 }, (_, i) => pki.root(`Wordy ${i}`, { subject: longName(i) }));
      expect(await proxy.apply(caSet(wordy, 2))).toMatchObject({
        ok: false,
        code: "engine-refused",
        detail: expect.stringMatching(/CA names of .* too long/),
      });
      expect(await reach(proxy, kept)).toBe(200);
    });

    test("an anchor that OpenSSL cannot read is refused by its name, and this set and others are served on", async () => {
      const proxy = await openBoth();
      const path = trustFilePath(proxy.directory, "ca-set/1");
      const before = readFileSync(path, "utf8");
      expect(await proxy.apply(withUnreadable([staying], 2))).toMatchObject({
        ok: false,
        code: "engine-refused",
        detail: expect.stringMatching(/certificate [0-9a-f]{64} cannot be read by OpenSSL \(ERR_OSSL/),
      });
      expect(readFileSync(path, "utf8")).toBe(before);
      expect(await proxy.deploy(caSet([staying], 1, "2"))).toMatchObject({ ok: true });
      for (const client of [kept, removed]) expect(await reach(proxy, client)).toBe(200);
      expect(await proxy.deploy(caSet([staying], 3))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed)).not.toBe(200);
    });

    test("a dead engine is away in words, the file stays as it was, and what was good is served after a restart", async () => {
      const proxy = await openBoth();
      const path = trustFilePath(proxy.directory, "ca-set/1");
      const before = readFileSync(path, "utf8");
      await proxy.kill();
      expect(await proxy.apply(caSet([staying], 2))).toMatchObject({
        ok: false,
        code: "engine-away",
        detail: expect.stringMatching(/does not (?:run|answer)/),
      });
      expect(readFileSync(path, "utf8")).toBe(before);
      await proxy.start();
      expect(await reach(proxy, removed)).toBe(200);
      expect(await proxy.deploy(caSet([staying], 3))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed)).not.toBe(200);
    });

    test("an agent killed between the write and the reload makes good after its restart, connections included", async () => {
      const proxy = await openBoth();
      const idle = await keptOpen(proxy, removed);
      const closed = once(idle, "close");
      for (const entryId of ["ca-set/1", "edge-certificate/1"]) {
        await replaceFile(trustFilePath(proxy.directory, entryId), renderTrustPem([staying.certificate]));
      }
      expect(await reach(proxy, removed)).toBe(200);
      const again = await proxy.reopen();
      await again.apply(caSet([staying, leaving]));
      await again.deploy(binding([shop]));
      expect(await again.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
      expect(await reach(proxy, removed)).not.toBe(200);
      await closed;
    });

    test("an agent that begins anew ends no connection where what it finds was proved, and every one where it was not", async () => {
      const proxy = await openBoth();
      expect(await proxy.deploy(binding([shop]))).toMatchObject({ ok: true });
      expect(await proxy.deploy(caSet([staying, leaving], 2))).toMatchObject({ ok: true });
      await proxy.engine.close();
      const again = await proxy.reopen();
      await again.apply(caSet([staying, leaving], 2));
      expect(await again.deploy(binding([shop]))).toEqual({
        ok: true,
        detail: expect.not.stringMatching(/connections/),
      });
      await again.engine.close();
      writeFileSync(`${trustFilePath(proxy.directory, "edge-certificate/1")}.proved`, "of something else\n");
      const afterwards = await proxy.reopen();
      await afterwards.apply(caSet([staying, leaving], 2));
      expect(await afterwards.deploy(binding([shop]))).toEqual({
        ok: true,
        detail: expect.stringMatching(/connections/),
      });
    });

    test("the deny-all placeholder lets in nobody, and a withdrawn set leaves it behind", async () => {
      const proxy = await openBoth();
      expect(await proxy.withdraw(caSet([staying, leaving]))).toMatchObject({ ok: true });
      for (const hostname of [shop, trial]) {
        const port = proxy.portOf(hostname);
        for (const client of [kept, removed, undefined]) expect(await visit({ port, hostname, client })).not.toBe(200);
      }
      expect(denyAllAuthority(nodeCrypto).notAfter).toBeLessThan(Date.now() / 1000);
    });
  });

  /** A connection that has had its answer and waits for the next request. */
  async function keptOpen(proxy: EngineUnderTest, client: TestCertificate): Promise<TLSSocket> {
    const socket = await openSocket(proxy, client);
    socket.write(`GET / HTTP/1.1\r\nHost: ${shop}\r\n\r\n`);
    const answer = String((await once(socket, "data"))[0]);
    expect(answer).toContain("200 OK");
    // Accepted in the last moment of the proof before: it ends by itself, and shows nothing.
    if (/^connection: close/im.test(answer)) return keptOpen(proxy, client);
    socket.on("error", () => undefined);
    return socket.resume();
  }

  describeForwardedIdentity(name, { open: openBoth, issuer: staying, dropsTrailers: traits.dropsTrailers });
}

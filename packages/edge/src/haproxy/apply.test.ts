import { readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { freePorts } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { binding, caSet, pki } from "../node-tls/edge-under-test.ts";
import { type EngineUnderTest, openHeldUpstream, shop, visit } from "../trust-files/engines-under-test.ts";
import { trustFilePath } from "../trust-files/trust-file.ts";
import { commitCaFile, stageCaFile } from "./ca-file-transaction.ts";
import { haproxy26, haproxy3, openTestHaproxy } from "./haproxy-under-test.ts";
import { readCaFiles } from "./read-answers.ts";

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const kept = staying.leaf("kept");
const removed = leaving.leaf("removed");

/** More than HAProxy's buffer holds, and within what a certificate may have. */
const large = pki.root("Large Root", {
  extraExtensions: [{ oid: "1.3.6.1.4.1.99999.1", critical: false, value: new Uint8Array(14_000).fill(5) }],
});
const many = Array.from({ length: 40 }, (_, i) => pki.root(`Partner ${i}`));

const reach = (proxy: EngineUnderTest, client = kept) => visit({ port: proxy.portOf(shop), hostname: shop, client });
const fileOf = (proxy: EngineUnderTest) => readFileSync(trustFilePath(proxy.directory, "ca-set/1"), "utf8");

async function open(program: string | undefined, options: Parameters<typeof openTestHaproxy>[1] = {}) {
  const proxy = await openTestHaproxy(program ?? "", options);
  await proxy.apply(binding([shop]));
  expect(await proxy.apply(caSet([staying, leaving]))).toMatchObject({ ok: true });
  return proxy;
}

if (haproxy3 === undefined) console.warn("HAProxy 3: skipped, it is not installed");
if (haproxy26 === undefined) console.warn("HAProxy 2.6: skipped, it is not installed");

describe.skipIf(haproxy3 === undefined)("HAProxy by its runtime API", () => {
  test("refuses a corrupt payload in its own words, holds nothing of it, and serves on", async () => {
    const proxy = await open(haproxy3);
    const path = trustFilePath(proxy.directory, "ca-set/1");
    const corrupt = staying.pem.replace("MII", "!!!");
    await expect(stageCaFile(proxy.ask, path, staying.pem + corrupt)).rejects.toThrow(/HAProxy: .*(?:payload|update)/i);
    expect(await proxy.ask("show ssl ca-file")).not.toContain("*/");
    expect(await reach(proxy, removed)).toBe(200);
  });

  test("is not kept out by a transaction that a killed agent left open on another file", async () => {
    const proxy = await open(haproxy3);
    const other = trustFilePath(proxy.directory, "edge-certificate/1");
    expect(await proxy.ask(`set ssl ca-file ${other} <<\n${leaving.pem}`)).toContain("transaction created");
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
    expect(await reach(proxy, removed)).not.toBe(200);
    expect(await reach(proxy)).toBe(200);
  });

  test("serves on with what is on disk where the disk takes nothing new", async () => {
    const proxy = await open(haproxy3);
    renameSync(proxy.directory, `${proxy.directory}.away`);
    expect(await proxy.apply(caSet([staying], 2))).toMatchObject({
      code: "disk-write-failed",
      detail: expect.stringMatching(/ENOENT/),
    });
    expect(await proxy.ask("show ssl ca-file")).not.toContain("*/");
    expect(await reach(proxy, removed)).toBe(200);
    renameSync(`${proxy.directory}.away`, proxy.directory);
    expect(await proxy.deploy(caSet([staying], 3))).toMatchObject({ ok: true });
  });

  test("takes what no payload can hold in several, and reads all of it back", async () => {
    const proxy = await open(haproxy3);
    expect(await proxy.deploy(caSet([staying, leaving, ...many], 2))).toMatchObject({
      ok: true,
      detail: expect.stringContaining(`${2 * (many.length + 2)} anchors read back`),
    });
  });

  test("refuses a certificate that no batch can hold, and file and set stay", async () => {
    const proxy = await open(haproxy3);
    const before = fileOf(proxy);
    expect(await proxy.apply(caSet([staying, large], 2))).toMatchObject({
      ok: false,
      code: "engine-refused",
      detail: expect.stringMatching(/reload/),
    });
    expect(fileOf(proxy)).toBe(before);
    expect(await reach(proxy, removed)).toBe(200);
  });

  test("takes anew what it holds in another form: a plain anchor that is no root ends no path, and has the same fingerprint", async () => {
    const proxy = await open(haproxy3);
    const issuing = leaving.intermediate("Issuing");
    const path = trustFilePath(proxy.directory, "edge-certificate/1");
    // As an agent from before may have left it.
    writeFileSync(path, issuing.pem);
    await stageCaFile(proxy.ask, path, issuing.pem);
    await commitCaFile(proxy.ask, path);
    expect(await reach(proxy, issuing.leaf("client"))).not.toBe(200);
    expect(await proxy.apply(caSet([issuing], 2))).toMatchObject({ ok: true });
    expect(await reach(proxy, issuing.leaf("client"))).toBe(200);
  });

  test("says that a set is written and used by no listener", async () => {
    const proxy = await open(haproxy3);
    expect(await proxy.apply(caSet([staying], 1, "9"))).toMatchObject({ detail: "written; no listener uses it" });
    expect(await proxy.deploy(caSet([leaving], 2, "9"))).toEqual({ ok: true, detail: "no listener uses it" });
    expect(readCaFiles(await proxy.ask("show ssl ca-file")).has(trustFilePath(proxy.directory, "ca-set/9"))).toBe(
      false,
    );
  });

  test("calls no removal verified where no listener is named: connections could not be told", async () => {
    const proxy = await openTestHaproxy(haproxy3 ?? "", { listeners: [] });
    await proxy.apply(caSet([staying, leaving]));
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: false, code: "unprovable" });
  });

  test("calls no removal verified while a port trusts the file that no listener is named for", async () => {
    const [port] = await freePorts(1);
    const configure = (text: string) =>
      text.replace(/( {2}bind )\S+(:\d+)(.*edge-certificate-1\.pem.*)/, `$&\n$1127.0.0.1:${port}$3`);
    const proxy = await open(haproxy3, { configure });
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      ok: false,
      code: "unprovable",
      detail: expect.stringContaining(`port ${port} trusts`),
    });
  });

  test("calls nothing verified where a file is used under another spelling of its path: it takes no change of it", async () => {
    const configure = (text: string) => text.replaceAll(/ca-file (\S+)\/(\S+)\/(\S+\.pem)/g, "ca-file $1/$2/../$2/$3");
    const proxy = await openTestHaproxy(haproxy3 ?? "", { listeners: [], configure });
    await proxy.apply(binding([shop]));
    await proxy.apply(caSet([staying, leaving]));
    const path = trustFilePath(proxy.directory, "edge-certificate/1");
    const used =
      [...readCaFiles(await proxy.ask("show ssl ca-file"))].find((one) => one.endsWith(basename(path))) ?? "";
    expect(used).not.toBe(path);
    // As after a start of HAProxy.
    await stageCaFile(proxy.ask, used, readFileSync(path, "utf8"));
    await commitCaFile(proxy.ask, used);
    expect(await reach(proxy, removed)).toBe(200);
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      ok: false,
      code: "unprovable",
      detail: expect.stringContaining("/../"),
    });
  });

  test("calls none verified where its configuration is not known", async () => {
    const proxy = await openTestHaproxy(haproxy3 ?? "", { configurationPath: undefined });
    expect(proxy.engine.description.highestLevel).toBe("applied");
    await proxy.apply(caSet([staying, leaving]));
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({ ok: false, code: "unprovable" });
  });

  test("calls none verified where it runs with another configuration than the one that is read", async () => {
    const proxy = await open(haproxy3, { configure: (text) => text.replace("no-tls-tickets", "") });
    const written = readFileSync(proxy.configurationPath, "utf8");
    writeFileSync(proxy.configurationPath, written.replace("ssl-min-ver", "no-tls-tickets ssl-min-ver"));
    // As it looks where what is on disk came back from an archive.
    utimesSync(proxy.configurationPath, 0, 0);
    const outcome = await proxy.deploy(caSet([staying], 2));
    expect(outcome).toMatchObject({ code: "unprovable", detail: expect.stringMatching(/hands out tickets/) });
  });

  test("sends no list of names that would end every handshake", async () => {
    const proxy = await open(haproxy3);
    const [listener] = [{ entryId: "ca-set/1", host: "127.0.0.1", port: proxy.portOf(shop), serverName: shop }];
    const sending = await openTestHaproxy(haproxy3 ?? "", { listeners: [{ ...listener, sendsCaNames: true }] });
    expect(proxy.engine.description.sendsCaNames).toEqual([]);
    expect(sending.engine.description.sendsCaNames).toEqual(["ca-set/1"]);
    const wordy = Array.from({ length: 300 }, (_, i) => pki.root(`${i} `.padEnd(64, "x"), { subject: longName(i) }));
    expect(await sending.apply(caSet(wordy))).toMatchObject({ ok: false, code: "engine-refused" });
    expect(await proxy.apply(caSet(wordy, 2))).toMatchObject({ ok: true });
  });
});

describe.skipIf(haproxy26 === undefined)("HAProxy 2.6 by a reload", () => {
  test("takes what no payload can hold", async () => {
    const proxy = await open(haproxy26, { isMasterWorker: true });
    expect(await proxy.apply(caSet([staying, leaving, large, ...many], 2))).toEqual({
      ok: true,
      detail: "reloaded and read back",
    });
    // A worker from before, on its way out, may take a last connection.
    await expect.poll(() => reach(proxy, large.leaf("x")), { timeout: 60_000 }).toBe(200);
  });

  test("leaves no worker behind that still serves who was removed", async () => {
    const upstream = await openHeldUpstream();
    const proxy = await open(haproxy26, { isMasterWorker: true, upstream: upstream.address });
    const arrival = upstream.next();
    const answer = reach(proxy, removed);
    await arrival;
    expect(await proxy.deploy(caSet([staying, ...many], 2))).toMatchObject({ ok: true });
    expect(await answer).not.toBe(200);
  });

  test("refuses it in words without a master socket", async () => {
    const proxy = await open(haproxy26);
    expect(await proxy.apply(caSet([staying, ...many], 2))).toMatchObject({
      code: "engine-refused",
      detail: expect.stringMatching(/master socket/),
    });
    expect(await reach(proxy, removed)).toBe(200);
  });

  test("that fails leaves file and set as they were", async () => {
    const proxy = await open(haproxy26, { isMasterWorker: true });
    const before = fileOf(proxy);
    const configuration = readFileSync(proxy.configurationPath, "utf8");
    writeFileSync(proxy.configurationPath, `${configuration}\nnonsense\n`);
    expect(await proxy.apply(caSet([staying, ...many], 2))).toMatchObject({
      code: "engine-refused",
      detail: expect.stringMatching(/did not reload/),
    });
    expect(fileOf(proxy)).toBe(before);
    expect(await reach(proxy, removed)).toBe(200);
    writeFileSync(proxy.configurationPath, configuration);
    expect(await proxy.deploy(caSet([staying, ...many], 3))).toMatchObject({ ok: true });
    expect(await reach(proxy, removed)).not.toBe(200);
  });
});

function longName(i: number) {
  return { CN: `${i} `.padEnd(64, "x"), O: "o".repeat(64), OU: "u".repeat(64), L: "l".repeat(64) };
}

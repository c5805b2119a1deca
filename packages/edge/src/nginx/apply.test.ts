import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { nodeCrypto } from "@tcm/node-crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, pki } from "../node-tls/edge-under-test.ts";
import { denyAllAuthority } from "../trust-files/deny-all.ts";
import { type EngineUnderTest, shop, visit } from "../trust-files/engines-under-test.ts";
import { replaceFile } from "../trust-files/replace-file.ts";
import { trustFile, trustFilePath } from "../trust-files/trust-file.ts";
import { openNginxDriver } from "./apply.ts";
import { renderTrustPem } from "../trust-files/render-trust-pem.ts";
import { masterPid, workersOf } from "./workers.ts";
import { nginxProgram, openTestNginx } from "./nginx-under-test.ts";

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const removed = leaving.leaf("removed");

const reach = (proxy: EngineUnderTest) => visit({ port: proxy.portOf(shop), hostname: shop, client: removed });
const fileOf = (proxy: EngineUnderTest) => readFileSync(trustFilePath(proxy.directory, "ca-set/1"), "utf8");

async function open(options: Parameters<typeof openTestNginx>[1] = {}) {
  const proxy = await openTestNginx(nginxProgram ?? "", options);
  await proxy.apply(binding([shop]));
  expect(await proxy.deploy(caSet([staying, leaving]))).toMatchObject({ ok: true });
  return proxy;
}

if (nginxProgram === undefined) console.warn("nginx: skipped, it is not installed");

describe.skipIf(nginxProgram === undefined)("nginx", () => {
  test("whose test of the configuration fails says why, and file and set stay", async () => {
    const proxy = await open();
    const before = fileOf(proxy);
    rmSync(join(dirname(proxy.directory), "server.pem"));
    expect(await proxy.apply(caSet([staying], 2))).toMatchObject({
      code: "engine-refused",
      detail: expect.stringMatching(/\[emerg\] .*server\.pem/),
    });
    expect(fileOf(proxy)).toBe(before);
    expect(await reach(proxy)).toBe(200);
  });

  test("whose reload fails in silence is found out by its workers, and file and set stay", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const proxy = await open({ timing: { reloadMs: 4_000, graceMs: 2_000 } });
    const before = fileOf(proxy);
    const configuration = readFileSync(proxy.configurationPath, "utf8");
    const server = `server { listen 127.0.0.1:${(taken.address() as AddressInfo).port}; }`;
    writeFileSync(proxy.configurationPath, configuration.replace(/\}\s*$/, `${server}\n}\n`));
    expect(await proxy.apply(caSet([staying], 2))).toMatchObject({
      code: "engine-refused",
      detail: expect.stringMatching(/no new workers/),
    });
    expect(fileOf(proxy)).toBe(before);
    expect(await reach(proxy)).toBe(200);
  });

  test("is asked by a probe: a file that was written and not reloaded is proved neither to add nor to remove", async () => {
    const proxy = await open();
    const { configurationPath, pidPath, directory } = proxy;
    const listener = { entryId: "edge-certificate/1", host: "127.0.0.1", port: proxy.portOf(shop), serverName: shop };
    const driver = await openNginxDriver({
      network: "STAGING",
      crypto: nodeCrypto,
      clock: Date.now,
      directory,
      binary: nginxProgram ?? "",
      configurationPath,
      pidPath,
      listeners: [listener],
      timing: { settleMs: 100 },
    });
    const other = pki.root("Other Root").certificate;
    const file = trustFile(directory, listener.entryId, [staying.certificate, other], denyAllAuthority(nodeCrypto));
    await replaceFile(file.path, file.pem);
    const change = { file, added: [], removed: [], removesTrust: false };
    expect(await driver.prove([{ ...change, added: [other] }])).toMatchObject({
      code: "proof-failed",
      detail: expect.stringMatching(/should be present, but: unable to/),
    });
    expect(await driver.prove([{ ...change, removed: [leaving.certificate], removesTrust: true }])).toMatchObject({
      code: "proof-failed",
      detail: expect.stringMatching(/should be absent, but: certificate signature failure/),
    });
    await replaceFile(join(directory, "reload-due"), "");
    expect(await driver.install([file])).toMatchObject({ ok: true });
    const whole = { file, added: [other], removed: [leaving.certificate], removesTrust: true };
    expect(await driver.prove([whole])).toMatchObject({ ok: true });
  });

  test("is not reloaded for what it has had before, and is where an agent was killed before its reload", async () => {
    const proxy = await open();
    const master = await masterPid(proxy.pidPath);
    const workers = async () => (await workersOf(master ?? 0)).map(({ pid }) => pid).toSorted((a, b) => a - b);
    const before = await workers();
    const again = await proxy.reopen();
    for (const content of [caSet([staying, leaving]), binding([shop])]) {
      expect(await again.apply(content)).toMatchObject({ ok: true, detail: "nginx has had these files before" });
    }
    expect(await workers()).toEqual(before);
    for (const entryId of ["ca-set/1", "edge-certificate/1"]) {
      await replaceFile(trustFilePath(proxy.directory, entryId), renderTrustPem([staying.certificate]));
    }
    await replaceFile(join(proxy.directory, "reload-due"), "");
    const restarted = await proxy.reopen();
    await restarted.apply(caSet([staying], 2));
    expect(await restarted.deploy(binding([shop]))).toMatchObject({ ok: true });
    expect(await reach(proxy)).not.toBe(200);
  });

  test("proves nothing of a file that it uses and no listener is named for, and is done with one that it does not use", async () => {
    const proxy = await openTestNginx(nginxProgram ?? "", { listeners: [] });
    expect(await proxy.deploy(caSet([staying]))).toMatchObject({ code: "unprovable" });
    expect(await proxy.deploy(caSet([staying], 1, "9"))).toEqual({ ok: true, detail: "no listener uses it" });
  });

  test("nor of one that it uses under another spelling of its path", async () => {
    const configure = (text: string) =>
      text.replaceAll(/(ssl_trusted_certificate \S+)\/(\S+)\/(\S+\.pem;)/g, "$1/$2/../$2/$3");
    const proxy = await openTestNginx(nginxProgram ?? "", { listeners: [], configure });
    expect(await proxy.deploy(caSet([staying]))).toMatchObject({
      code: "unprovable",
      detail: expect.stringMatching(/\.\.\/\S+\/ca-set-1\.pem/),
    });
    expect(await proxy.deploy(caSet([staying], 1, "9"))).toEqual({ ok: true, detail: "no listener uses it" });
  });

  test("has its file looked at again: what another wrote there is not proved", async () => {
    const proxy = await open();
    const outcome = proxy.apply(caSet([staying], 2));
    await outcome;
    await replaceFile(trustFilePath(proxy.directory, "ca-set/1"), leaving.pem);
    const change = {
      entryId: "ca-set/1",
      generation: { epoch: 1, number: 9 },
      previous: null,
      next: caSet([staying], 2),
    };
    expect(await proxy.engine.verify(change)).toMatchObject({
      code: "proof-failed",
      detail: expect.stringMatching(/not what was written/),
    });
  });
});

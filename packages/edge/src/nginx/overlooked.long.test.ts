import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, pki } from "../node-tls/edge-under-test.ts";
import { takeSession } from "../probe/resumption-probe.ts";
import { shop, visit } from "../trust-files/engines-under-test.ts";
import { nginx130, nginxProgram, openTestNginx } from "./nginx-under-test.ts";
import { masterPid } from "./workers.ts";

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const removed = leaving.leaf("removed");

if (nginx130 === undefined) console.warn("nginx 1.30: skipped, it is not installed");
if (nginxProgram === undefined) console.warn("nginx: skipped, it is not installed");

/** The first server of the shop's port asks for no certificate, and says nothing of the sessions of TLS 1.3. */
function withOpenServer(configuration: string): string {
  const [, listen, certificate, key] =
    /listen (\S+) ssl;\s+server_name shop\.example;\s+ssl_certificate (\S+);\s+ssl_certificate_key (\S+);/.exec(
      configuration,
    ) ?? [];
  const open = `server {
    listen ${listen} ssl default_server;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_session_cache shared:open:1m;
    return 200;
  }`;
  return configuration.replace(/\}\s*$/, `${open}\n}\n`);
}

describe.skipIf(nginx130 === undefined)("a removal is not verified beside a server that keeps sessions", () => {
  test("at the same port, whose clients need no certificate: a session of TLS 1.3 outlives it", async () => {
    const proxy = await openTestNginx(nginx130 ?? "", { configure: withOpenServer });
    expect(proxy.engine.description.highestLevel).toBe("applied");
    await proxy.apply(binding([shop]));
    expect(await proxy.apply(caSet([staying, leaving]))).toMatchObject({ ok: true });
    const target = { host: "127.0.0.1", port: proxy.portOf(shop), serverName: shop };
    const session = await takeSession(target, removed, "TLSv1.3");
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      code: "unprovable",
      detail: expect.stringMatching(/`ssl_session_tickets off` is missing/),
    });
    expect(await visit({ port: target.port, hostname: shop, client: removed })).toBe(400);
    expect(await session.resumes()).toBe(true);
  });
});

describe.skipIf(nginxProgram === undefined)("a removal is not verified after an upgrade of the program", () => {
  test("while the master from before it serves beside the new one", async () => {
    // nginx starts the new program by the name that it was started by.
    const program = execFileSync("sh", ["-c", `command -v ${nginxProgram}`], { encoding: "utf8" }).trim();
    const proxy = await openTestNginx(program);
    // As a daemon: a child of this process takes no signal to upgrade.
    await proxy.kill();
    const start = spawnSync(program, ["-c", proxy.configurationPath]);
    expect(start.status, String(start.stderr)).toBe(0);
    await expect.poll(() => masterPid(proxy.pidPath), { timeout: 60_000 }).toBeDefined();
    const old = await masterPid(proxy.pidPath);
    const end = (pid: number | undefined) => pid !== undefined && process.kill(pid, "SIGTERM");
    onTestFinished(async () => {
      end(await masterPid(proxy.pidPath));
      end(await masterPid(`${proxy.pidPath}.oldbin`));
    });
    const again = await proxy.reopen();
    await again.apply(binding([shop]));
    expect(await again.deploy(caSet([staying, leaving]))).toMatchObject({ ok: true });
    process.kill(old ?? 0, "SIGUSR2");
    await expect.poll(() => masterPid(`${proxy.pidPath}.oldbin`), { timeout: 60_000 }).toBe(old);
    await expect.poll(async () => ((await masterPid(proxy.pidPath)) ?? old) !== old, { timeout: 60_000 }).toBe(true);
    expect(await again.deploy(caSet([staying], 2))).toMatchObject({
      code: "proof-failed",
      detail: expect.stringMatching(new RegExp(`upgrade of the program still serves: end process ${old}`)),
    });
    process.kill(old ?? 0, "SIGQUIT");
    await expect.poll(() => masterPid(`${proxy.pidPath}.oldbin`), { timeout: 60_000 }).toBeUndefined();
    expect(await again.deploy(caSet([staying], 2))).toMatchObject({ ok: true });
    expect(await visit({ port: proxy.portOf(shop), hostname: shop, client: removed })).toBe(400);
  });
});

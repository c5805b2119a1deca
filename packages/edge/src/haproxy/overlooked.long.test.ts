import { once } from "node:events";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { freePorts } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { binding, caSet, dial, pki } from "../node-tls/edge-under-test.ts";
import { takeSession } from "../probe/resumption-probe.ts";
import { openHeldUpstream, shop, visit } from "../trust-files/engines-under-test.ts";
import { type HaproxyTestOptions, haproxy26, haproxy3, openTestHaproxy } from "./haproxy-under-test.ts";

const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const removed = leaving.leaf("removed");

if (haproxy3 === undefined) console.warn("HAProxy 3: skipped, it is not installed");
if (haproxy26 === undefined) console.warn("HAProxy 2.6: skipped, it is not installed");

async function open(program: string | undefined, options: HaproxyTestOptions) {
  const proxy = await openTestHaproxy(program ?? "", options);
  await proxy.apply(binding([shop]));
  expect(await proxy.apply(caSet([staying, leaving]))).toMatchObject({ ok: true });
  return proxy;
}

/** What the printed configuration says of the shop's listener. */
function shopOf(configuration: string) {
  const [, certificate = "", trust = ""] = /crt (\S+) ca-file (\S+edge-certificate-1\.pem)/.exec(configuration) ?? [];
  return { certificate, trust, directory: dirname(certificate) };
}

const defaults = "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n";
const listening = (bind: string) =>
  `${defaults}frontend other\n  timeout http-keep-alive 60s\n  bind ${bind}\n  http-request return status 200\n`;

type Overlooked = { readonly port: number };

/** Ways to trust the shop's file at another port that stand in no `bind` of the one file that the agent is told of. */
const ways: readonly (readonly [string, (given: Overlooked) => HaproxyTestOptions])[] = [
  [
    "in a second file",
    ({ port }) => ({
      second: (text) =>
        listening(
          `127.0.0.1:${port} ssl crt ${shopOf(text).certificate} ca-file ${shopOf(text).trust} verify required`,
        ),
    }),
  ],
  [
    "in a crt-list",
    ({ port }) => ({
      configure: (text) => {
        const { certificate, trust, directory } = shopOf(text);
        writeFileSync(join(directory, "list"), `${certificate} [ca-file ${trust} verify required] ${shop}\n`);
        return text + listening(`127.0.0.1:${port} ssl crt-list ${join(directory, "list")}`);
      },
    }),
  ],
  [
    "by a variable",
    ({ port }) => ({
      configure: (text) => {
        const { certificate, trust } = shopOf(text);
        const bind = `"127.0.0.1:\${OTHER_PORT}" ssl crt ${certificate} ca-file ${trust} verify required`;
        return text.replace("global\n", `global\n  setenv OTHER_PORT ${port}\n`) + listening(bind);
      },
    }),
  ],
  [
    "by ca-base",
    ({ port }) => ({
      configure: (text) => {
        const { certificate, trust } = shopOf(text);
        const bind = `127.0.0.1:${port} ssl crt ${certificate} ca-file edge-certificate-1.pem verify required`;
        return text.replace("global\n", `global\n  ca-base ${dirname(trust)}\n`) + listening(bind);
      },
    }),
  ],
];

/** One request after the other on one connection: the status line of each answer. */
async function keptOpen(port: number) {
  const socket = connect(dial({ port }, shop, removed));
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return async () => {
    socket.write(`GET / HTTP/1.1\r\nHost: ${shop}\r\n\r\n`);
    return String((await once(socket, "data"))[0]).slice(0, 15);
  };
}

describe.skipIf(haproxy3 === undefined)("a removal is not verified while HAProxy may trust the file", () => {
  test.each(ways)("at another port, %s: its connections go on", async (_, way) => {
    const [port = 0] = await freePorts(1);
    const proxy = await open(haproxy3, way({ port }));
    const ask = await keptOpen(port);
    expect(await ask()).toBe("HTTP/1.1 200 OK");
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      ok: false,
      code: "unprovable",
      detail: expect.stringContaining(`port ${port} trusts`),
    });
    expect(await ask()).toBe("HTTP/1.1 200 OK");
  });

  test("by a crt-list whose listener hands out tickets, in TLS 1.3 alone: sessions go on", async () => {
    const configure = (text: string) =>
      text
        .replace("no-tls-tickets ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.3")
        .replace(
          /bind (\S+) ssl crt (\S+) ca-file (\S+)( no-ca-names)? verify required/g,
          (_, at, certificate, file) => {
            const list = join(dirname(String(certificate)), `list-${String(at)}`);
            writeFileSync(list, `${String(certificate)} [ca-file ${String(file)} verify required] *\n`);
            return `bind ${String(at)} ssl crt-list ${list}`;
          },
        );
    const proxy = await open(haproxy3, { configure });
    expect(proxy.engine.description.highestLevel).toBe("applied");
    const target = { host: "127.0.0.1", port: proxy.portOf(shop), serverName: shop };
    const session = await takeSession(target, removed, "TLSv1.3");
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      code: "unprovable",
      detail: expect.stringMatching(/crt-list \S+: `no-tls-tickets` is missing/),
    });
    expect(await visit({ port: target.port, hostname: shop, client: removed })).not.toBe(200);
    expect(await session.resumes()).toBe(true);
  });

  test("by a file that was changed since it was read, or cannot be read, until it can", async () => {
    const proxy = await open(haproxy3, { second: () => defaults });
    const second = join(dirname(proxy.configurationPath), "second.cfg");
    utimesSync(second, Date.now() / 1_000, Date.now() / 1_000 + 60);
    const changed = await proxy.deploy(caSet([staying], 2));
    expect(changed).toMatchObject({
      code: "unprovable",
      detail: expect.stringMatching(/second\.cfg was changed after/),
    });
    rmSync(second);
    const unread = await proxy.deploy(caSet([staying, leaving], 3));
    expect(unread).toMatchObject({
      code: "unprovable",
      detail: expect.stringMatching(/reads \S+second\.cfg, and the agent/),
    });
    writeFileSync(second, defaults);
    utimesSync(second, Date.now() / 1_000, Date.now() / 1_000 - 600);
    expect(await proxy.deploy(caSet([staying], 4))).toMatchObject({ ok: true });
  });
});

describe.skipIf(haproxy26 === undefined)("a removal is not verified while a worker from before a reload serves", () => {
  test("also where no master socket is named", async () => {
    const upstream = await openHeldUpstream();
    const timing = { graceMs: 200, closeMs: 200 };
    const options = { isMasterWorker: true, masterSocket: undefined, upstream: upstream.address, timing };
    const proxy = await open(haproxy26, options);
    const arrival = upstream.next();
    const answer = visit({ port: proxy.portOf(shop), hostname: shop, client: removed });
    const { response } = await arrival;
    const pid = () =>
      proxy.ask("show info").then(
        (text) => /^Pid: (.*)$/m.exec(text)?.[1],
        () => undefined,
      );
    const before = await pid();
    // A master that is busy may lose the signal, or not come up again by it.
    const isReloaded = async () => {
      const now = await pid();
      if (now === before) proxy.signal("SIGUSR2");
      return now !== undefined && now !== before;
    };
    await expect.poll(isReloaded, { timeout: 60_000, interval: 2_000 }).toBe(true);
    expect(await proxy.deploy(caSet([staying], 2))).toMatchObject({
      code: "proof-failed",
      detail: expect.stringMatching(/\d workers from before a reload are left/),
    });
    response.end();
    expect(await answer).toBe(200);
    await expect.poll(() => proxy.deploy(caSet([staying], 2)), { timeout: 60_000 }).toMatchObject({ ok: true });
  });
});

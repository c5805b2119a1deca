import { appendFileSync, existsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { HaproxyConfiguration, NginxConfiguration } from "@tcm/api-contract";
import { type EdgeEngine, openMemoryEngine, type SeenHandshake, type TrustFileEngine } from "@tcm/edge";
import { nodeCrypto } from "@tcm/node-crypto";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { withHandshakes } from "./proxy-log.ts";

const root = testPki({ now: new Date() }).root("Root");
const client = root.leaf("client");
const long = { timeout: 60_000, interval: 5 };

/** What an engine of trust files has beyond others, with one set that is not to be found in it yet. */
function engineWithoutProxy(): EdgeEngine & Pick<TrustFileEngine, "state"> {
  const state = { sets: new Map(), edgeCertificates: new Map(), hostnames: new Map() };
  return { ...openMemoryEngine({ network: "STAGING", crypto: nodeCrypto }), state: () => state };
}

async function reading(configuration: HaproxyConfiguration | NginxConfiguration) {
  const seen: SeenHandshake[] = [];
  const engine = await withHandshakes(engineWithoutProxy(), configuration, {
    network: "STAGING",
    crypto: nodeCrypto,
    clock: Date.now,
    log: pino({ enabled: false }),
    onHandshake: (handshake) => seen.push(handshake),
  });
  onTestFinished(() => engine.close());
  return seen;
}

const proxy = { trustDirectory: "/nowhere", listeners: [] };

describe("the log of a proxy", () => {
  test("of HAProxy comes by a socket, and what is no line of ours leaves no trace", async () => {
    const handshakeSocket = join(temporaryDirectory(), "handshakes.sock");
    const seen = await reading({ engine: "haproxy", ...proxy, runtimeSocket: "/nowhere", handshakeSocket });
    const der = Buffer.from(client.der).toString("base64");
    connect(handshakeSocket).end(`\u001b[2Jhello\n${"x".repeat(70_000)}\nTCM1 ca-set/7 err 167772294 20 0 ${der}\n`);
    await vi.waitFor(() => expect(seen).toHaveLength(1), long);
    expect(seen[0]?.kind).toMatchObject({ caSetId: "7", outcome: "refused", reason: "ca-set-not-active" });
  });

  test("of NGINX is a file that is made for it, for the group too", async () => {
    const handshakeLog = join(temporaryDirectory(), "handshakes.log");
    const files = { configuration: "/nowhere", pidFile: "/nowhere", handshakeLog };
    const seen = await reading({ engine: "nginx", ...proxy, ...files });
    expect((statSync(handshakeLog).mode & 0o777).toString(8)).toBe("660");
    appendFileSync(handshakeLog, "TCM1 ca-set/7 1.000 - NONE\n");
    await vi.waitFor(() => expect(seen).toHaveLength(1), long);
    expect(seen[0]).toMatchObject({ at: 1, kind: { reason: "client-certificate-missing" } });
  });

  test("that is not named is not looked for", async () => {
    const directory = temporaryDirectory();
    await reading({ engine: "haproxy", ...proxy, runtimeSocket: "/nowhere" });
    expect(existsSync(join(directory, "handshakes.sock"))).toBe(false);
  });
});

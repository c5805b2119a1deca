import { createTemporaryDirectory } from "../packages/testkit/src/index.ts";
import { buildHandshakeClient } from "../bench/edge-handshakes/handshake-client.ts";
import { handshakePki } from "../bench/edge-handshakes/handshake-pki.ts";
import { cpuMsOf, pin } from "../bench/processes.ts";
import { openBuiltInEdge, edgeLimits, openLocalCa } from "../packages/edge/src/index.ts";
import { parseCertificate } from "../packages/core/src/index.ts";
import { nodeCrypto } from "../packages/node-crypto/src/index.ts";
import * as core from "../packages/core/src/index.ts";
const dir = createTemporaryDirectory();
const client = buildHandshakeClient(dir, 1) as any;
const pki = handshakePki(dir, [Number(process.argv[2] ?? 1)]);
const anchors = pki.stores[0]!.pems.map((p) => { const der = Buffer.from(p.replace(/-----[^-]+-----|\s/g, ""), "base64"); const r = parseCertificate(der, nodeCrypto); if (!r.ok) throw 1; return r.certificate; });
const edge = await openBuiltInEdge({ network: "STAGING", host: "127.0.0.1", port: 0, version: "x", crypto: nodeCrypto, clock: Date.now, log: () => {}, limits: edgeLimits, serverCertificates: await openLocalCa(dir + "/ca", { clock: Date.now, crypto: nodeCrypto }), upstreams: new Map() } as any);
const caSet = { caSetId: "1", caSetName: "b", version: 1, requireRootCertificate: true, allowInsecureSha1: false, fingerprints: anchors.map((a) => a.fingerprint).sort() } as any;
console.log(await edge.apply({ entryId: "ca-set/1", previous: null, next: { kind: "ca-set", caSet, anchors }, generation: { epoch: 1, number: 1 } } as any));
pin(process.pid, 0);
const rounds = Number(process.argv[3] ?? 4);
const { Session } = await import("node:inspector/promises"); const { writeFileSync } = await import("node:fs"); const session = new Session(); session.connect();
for (let i = 0; i < rounds; i++) {
  if (process.argv[4] && i === rounds - 3) { await session.post("Profiler.enable"); await session.post("Profiler.setSamplingInterval", { interval: 200 }); await session.post("Profiler.start"); }
  const before = cpuMsOf(process.pid);
  const c0 = process.cpuUsage();
  const r = await client.run({ port: edge.address.port, serverName: "ca-set-1.tcm.internal", seconds: 4, clientFiles: pki.stores[0]!.clientFiles });
  const c = process.cpuUsage(c0);
  console.log(r.count, "per hs:", ((c.user + c.system) / 1000 / r.count).toFixed(3), "user", (c.user / 1000 / r.count).toFixed(3), "sys", (c.system / 1000 / r.count).toFixed(3));
}
if (process.argv[4]) writeFileSync(process.argv[4], JSON.stringify(((await session.post("Profiler.stop")) as any).profile));
await edge.close();
process.exit(0);

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { activation as begunActivation, apiBasePath, edgeNode } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poll } from "../instance.ts";
import { proxyKinds } from "./proxy-kinds.ts";
import { ProxyNetwork } from "./proxy-network.ts";

const pki = testPki({ now: new Date() });
const staying = pki.root("Staying Root");
const leaving = pki.root("Leaving Root");
const kept = staying.leaf("kept");
const old = leaving.leaf("old");

const kinds = proxyKinds.filter(({ nodeId }) => nodeId !== "haproxy-26");
const isWhole = kinds.length === 2;
if (!isWhole) console.warn("bad luck of proxies: skipped, not both of HAProxy 3 and nginx are installed");

describe.skipIf(!isWhole)("a proxy that lets sessions be resumed", () => {
  let network: ProxyNetwork;

  beforeAll(async () => {
    const wanted = proxyKinds.map((kind) => ({ kind, configure: withResumption }));
    network = await ProxyNetwork.start([staying, leaving], wanted);
  }, 300_000);
  afterAll(() => network.remove());

  test("is told of at the start of its agent; a removal is applied, says why it is no more, and is never verified", async () => {
    for (const { agent } of network.nodes) {
      expect(agent.output).toContain("the proxy's configuration leaves something open");
      expect(agent.output).toContain("resumption-outlives-removal");
    }
    const nodeIds = network.nodes.map(({ kind }) => kind.nodeId);
    const sessions = await network.sessionsOf(old, nodeIds);
    const { said } = await network.deployNew([staying]);
    for (const { nodeId, state, requiredLevel, detail } of said.nodes) {
      if (nodeId === "staging-edge") expect(state).toBe("verified");
      else expect({ state, requiredLevel }, detail ?? "").toEqual({ state: "applied", requiredLevel: "applied" });
      if (nodeId !== "staging-edge") expect(detail).toMatch(/skip the client certificate/);
    }
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
    // The reason is a real one.
    expect((await Promise.all(sessions.map((session) => session.resumes()))).some(Boolean)).toBe(true);
  });
});

/** edges.md §1.2: a shared cache without tickets on nginx, both on HAProxy. */
function withResumption(text: string): string {
  return text
    .replace("tune.ssl.cachesize 0", "")
    .replace("no-tls-tickets", "")
    .replaceAll("ssl_session_cache off", "ssl_session_cache shared:tcm:1m");
}

describe.skipIf(!isWhole)("when things go wrong on a node", () => {
  let network: ProxyNetwork;
  let isTrustMounted = false;

  beforeAll(async () => {
    const prepare = (directory: string) => {
      mkdirSync(join(directory, "trust"));
      isTrustMounted = mountSmall(join(directory, "trust"));
    };
    const wanted = kinds.map((kind) => ({ kind, ...(kind.engine === "haproxy" && { prepare }) }));
    network = await ProxyNetwork.start([staying, leaving], wanted);
  }, 300_000);

  afterAll(async () => {
    const trust = network.node("haproxy-3").trustDirectory;
    await Promise.all(network.nodes.map(({ agent, proxy }) => Promise.all([agent.stop("SIGKILL"), proxy.stop()])));
    if (isTrustMounted) spawnSync("umount", [trust]);
    await network.remove();
  });

  const trustFile = (nodeId: string) => join(network.node(nodeId).trustDirectory, `ca-set-${network.caSetId}.pem`);

  test("an engine that has died is waited for, in its words, and the deployment completes when it is back", async () => {
    const haproxy = network.node("haproxy-3");
    await haproxy.proxy.stop("SIGKILL");
    const version = await network.newVersion([staying]);
    const link = await network.instance.activate(network.caSetId, version, "STAGING");
    await poll(120_000, "its words", async () => {
      const { nodes } = await network.saidOf(link);
      const waiting = nodes.find(({ nodeId }) => nodeId === "haproxy-3");
      return waiting?.state === "delivered" && waiting.detail?.includes("does not answer") ? true : undefined;
    });
    haproxy.proxy.start();
    expect((await network.ended(link)).activation).toMatchObject({ activationStatus: "COMPLETE" });
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
    expect(await network.letIn(kept)).toEqual(network.everywhere(true));
  });

  test("an agent that is killed between the write and the reload makes good after its restart", async () => {
    for (const nodeId of kinds.map((kind) => kind.nodeId)) {
      const { agent, trustDirectory } = network.node(nodeId);
      await network.deploy(1);
      expect(await network.letIn(old)).toEqual(network.everywhere(true));
      const isWritten = Promise.withResolvers<void>();
      const watcher = watch(trustDirectory, (_, name) => name?.endsWith(".pem") && isWritten.resolve());
      const link = await network.instance.activate(network.caSetId, 2, "STAGING");
      await isWritten.promise;
      await agent.stop("SIGKILL");
      watcher.close();
      await network.node(nodeId).startAgent();
      const { activation, said } = await network.ended(link);
      expect(activation, JSON.stringify(said)).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
      expect(await network.letIn(old)).toEqual(network.everywhere(false));
    }
  });

  test("an engine that rejects what it is given says why, and serves what was last good", async () => {
    const { directory } = network.node("nginx");
    const before = readFileSync(trustFile("nginx"), "utf8");
    renameSync(join(directory, "server.pem"), join(directory, "server.away"));
    const { activation, said } = await network.deploy(1);
    expect(activation).toMatchObject({ activationStatus: "FAILED" });
    expect(said.nodes.find(({ nodeId }) => nodeId === "nginx")).toMatchObject({
      state: "rejected",
      code: "engine-refused",
      detail: expect.stringMatching(/\[emerg\] .*server\.pem/),
    });
    expect(readFileSync(trustFile("nginx"), "utf8")).toBe(before);
    expect((await network.letIn(kept))["nginx"]).toBe(true);
    renameSync(join(directory, "server.away"), join(directory, "server.pem"));
    expect((await network.deploy(1)).activation).toMatchObject({ activationStatus: "COMPLETE" });
  });

  test("a removal that an engine rejects is in force elsewhere, and is asked for again when the engine is mended", async () => {
    const { directory } = network.node("nginx");
    const [file, away] = [join(directory, "server.pem"), join(directory, "server.away")];
    renameSync(file, away);
    const { activation, said } = await network.deploy(2);
    expect(activation).toMatchObject({ activationStatus: "FAILED" });
    expect(said.nodes.find(({ nodeId }) => nodeId === "nginx")).toMatchObject({ state: "rejected" });
    expect(await network.letIn(old)).toMatchObject({ nginx: true, "haproxy-3": false });
    renameSync(away, file);
    expect((await network.deploy(2)).activation).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect(await network.letIn(old)).toEqual(network.everywhere(false));

    const path = `/ca-sets/${network.caSetId}/versions/2/deactivate`;
    const off = async () => {
      const begun = await network.instance.ask(begunActivation, 202, "POST", path, { network: "STAGING" });
      return network.ended(begun.activationLink.slice(apiBasePath.length));
    };
    renameSync(file, away);
    expect((await off()).activation).toMatchObject({ activationStatus: "FAILED" });
    expect((await network.letIn(kept))["nginx"]).toBe(true);
    renameSync(away, file);
    expect((await off()).activation).toMatchObject({ activationStatus: "COMPLETE" });
    expect(await network.letIn(kept)).toEqual(network.everywhere(false));
    expect((await network.deploy(1)).activation).toMatchObject({ activationStatus: "COMPLETE" });
  });

  test("a full disk is told of, leaves what was last good, and takes it when there is room", async (context) => {
    if (!isTrustMounted) context.skip("no file system can be mounted here");
    const { trustDirectory } = network.node("haproxy-3");
    const filler = join(trustDirectory, "filler");
    const before = readFileSync(trustFile("haproxy-3"), "utf8");
    // The agent takes these away before it writes, and would have their room.
    for (const name of readdirSync(trustDirectory)) if (name.endsWith(".proved")) rmSync(join(trustDirectory, name));
    fill(filler);
    const { activation, said } = await network.deploy(2);
    expect(activation).toMatchObject({ activationStatus: "FAILED" });
    expect(said.nodes.find(({ nodeId }) => nodeId === "haproxy-3")).toMatchObject({
      state: "rejected",
      code: "disk-write-failed",
      detail: expect.stringContaining("ENOSPC"),
    });
    expect(readFileSync(trustFile("haproxy-3"), "utf8")).toBe(before);
    expect((await network.letIn(kept))["haproxy-3"]).toBe(true);
    rmSync(filler);
    // A removal is never taken back, so the node comes after by itself.
    await poll(120_000, "the node", async () => {
      const { entries } = await network.instance.ask(edgeNode, 200, "GET", "/edge-nodes/haproxy-3");
      return entries.every(({ state }) => state === "verified") || undefined;
    });
    expect(await network.letIn(old)).toEqual(network.everywhere(false));
  });

  test("an anchor that OpenSSL cannot read is rejected by its fingerprint, and holds up no other set", async () => {
    const odd = Buffer.from(pki.root("Odd Name").der);
    for (let at = odd.indexOf("Odd Name"); at >= 0; at = odd.indexOf("Odd Name")) odd.fill(0xff, at, at + 3);
    const pem = `-----BEGIN CERTIFICATE-----\n${odd.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
    const options = { requireRootCertificate: false };
    const other = await network.instance.createSet("odd", [pem], options);
    const link = await network.instance.activate(other, 1, "STAGING");
    expect((await network.deploy(1)).activation).toMatchObject({ activationStatus: "COMPLETE" });
    const { activation, said } = await network.ended(link);
    expect(activation).toMatchObject({ activationStatus: "FAILED" });
    const rejected = said.nodes.filter(({ state }) => state === "rejected");
    expect(rejected.length).toBeGreaterThan(0);
    for (const { code, detail } of rejected) {
      expect(code).toBe("engine-refused");
      expect(detail).toMatch(/^certificate [0-9a-f]{64} cannot be read by OpenSSL/);
    }
    expect(await network.letIn(old)).toEqual(network.everywhere(true));
  });

  test("a set that no listener guards is shown as such", async () => {
    const unused = await network.instance.createSet("unused", [leaving.pem]);
    const { said } = await network.ended(await network.instance.activate(unused, 1, "STAGING"));
    for (const { kind } of network.nodes) {
      expect(said.nodes.find(({ nodeId }) => nodeId === kind.nodeId)).toMatchObject({ detail: "no listener uses it" });
    }
  });
});

/** Whether there is now a file system of a few blocks at the path. */
function mountSmall(path: string): boolean {
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path]);
  if (status !== 0) console.warn(`a full disk: skipped, ${String(stderr).trim()}`);
  return status === 0;
}

function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(128 * 1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

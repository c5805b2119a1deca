import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { join } from "node:path";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import type { EntryId } from "@tcm/core";
import { freePorts, type TestCertificate, temporaryDirectory } from "@tcm/testkit";
import { onTestFinished, vi } from "vitest";
import type { EngineContent, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { type Client, changeSequence, dial, serverRoot } from "../node-tls/edge-under-test.ts";
import { findSite } from "../served/site.ts";
import type { EngineListener } from "./trust-file-driver.ts";
import type { TrustFileEngine } from "./trust-file-engine.ts";

/** Where the program is; undefined on a machine without it. In CI, where every engine has to be there, throws instead. */
export function engineProgram(name: string, ...paths: readonly (string | undefined)[]): string | undefined {
  const found = paths.find((path) => path !== undefined && (path.includes("/") ? existsSync(path) : isOnPath(path)));
  if (found === undefined && process.env["CI"]) throw new Error(`${name} is not installed, and CI needs it`);
  return found;
}

function isOnPath(program: string): boolean {
  return spawnSync(program, ["-v"]).error === undefined;
}

/** What listeners guard in the tests: the trial of set 1, and what edge certificate 1 is bound to. */
export const trial = "ca-set-1.tcm.internal";
export const shop = "shop.example";

export type TestListener = EngineListener & { readonly certificatePath: string; readonly certificateKeyPath: string };

const serverCertificate = serverRoot.server(shop, {
  subjectAltName: [{ dns: shop }, { dns: trial }, { dns: "a.example" }],
});

/** Two listeners, and the directory of everything. */
export async function testListeners() {
  const directory = temporaryDirectory();
  const certificateKeyPath = join(directory, "server.pem");
  writeFileSync(certificateKeyPath, serverCertificate.pem + serverCertificate.privateKeyPem);
  const [first = 0, second = 0] = await freePorts(2);
  const of = (entryId: EntryId, serverName: string, port: number): TestListener => {
    return { entryId, serverName, host: "127.0.0.1", port, certificatePath: certificateKeyPath, certificateKeyPath };
  };
  const listeners = [of("ca-set/1", trial, first), of("edge-certificate/1", shop, second)];
  return { directory, listeners, portOf: (hostname: string) => (hostname === trial ? first : second) };
}

/** A process of the test's, ended with it. */
export function startProgram(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout?.resume();
  child.stderr?.resume();
  onTestFinished(() => endProgram(child));
  return child;
}

export async function endProgram(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** Until nobody listens at the ports: a process that was killed holds them until the system has taken it down. */
export async function portsLetGo(ports: readonly number[]): Promise<void> {
  await vi.waitFor(
    async () => {
      const held = (await Promise.all(ports.map(isListenedAt))).some(Boolean);
      if (held) throw new Error(`somebody still listens at one of the ports ${ports.join(", ")}`);
    },
    { timeout: 60_000 },
  );
}

async function isListenedAt(port: number): Promise<boolean> {
  const socket = connectTcp({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

export type EngineUnderTest = {
  readonly engine: TrustFileEngine;
  readonly directory: string;
  readonly portOf: (hostname: string) => number;
  /** Applies and, when that went well, verifies. */
  deploy(content: EngineContent): Promise<EngineOutcome>;
  apply(content: EngineContent): Promise<EngineOutcome>;
  withdraw(content: EngineContent): Promise<EngineOutcome>;
};

export function underTest(engine: TrustFileEngine, at: Pick<EngineUnderTest, "directory" | "portOf">): EngineUnderTest {
  const changes = changeSequence();
  const run = async (change: EntryChange) => {
    const applied = await engine.apply(change);
    return applied.ok ? engine.verify(change) : applied;
  };
  return {
    engine,
    ...at,
    apply: (content) => engine.apply(changes.to(content)),
    deploy: (content) => run(changes.to(content)),
    withdraw: (content) => run(changes.away(content)),
  };
}

export type Visit = {
  readonly port: number;
  readonly hostname: string;
  readonly client: Client;
  readonly version?: SecureVersion;
};

/** The answer to one request on a connection of its own: a status, or the code of the error that ended it. */
export async function visit({ port, hostname, client, version }: Visit): Promise<number | string> {
  const socket = connect({
    host: "127.0.0.1",
    port,
    servername: hostname,
    ca: serverRoot.pem,
    ...(client && { cert: client.chainPem, key: client.privateKeyPem }),
    ...(version && { minVersion: version, maxVersion: version }),
  });
  const { promise, resolve } = Promise.withResolvers<number | string>();
  let text = "";
  socket.on("secureConnect", () => socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`));
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? Number.NaN) || "closed"));
  return promise;
}

/** A connection of this client to the shop, its handshake over. */
export async function openSocket(
  { portOf }: Pick<EngineUnderTest, "portOf">,
  client: TestCertificate,
): Promise<TLSSocket> {
  const socket = connect(dial({ port: portOf(shop) }, shop, client));
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

/** For the contract: a hostname that the engine does not serve is undefined, and really lets in nobody. */
export async function accepts(
  { engine, portOf }: Pick<EngineUnderTest, "engine" | "portOf">,
  hostname: string,
  client: Client,
): Promise<boolean | undefined> {
  const isServed = findSite(engine.state(), hostname) !== undefined;
  if (hostname !== shop && hostname !== trial) return isServed ? true : undefined;
  const isLetIn = (await visit({ port: portOf(hostname), hostname, client })) === 200;
  if (!isServed && isLetIn) throw new Error(`${hostname} is not served, and lets a client in`);
  return isServed ? isLetIn : undefined;
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** An upstream whose answers the test gives by hand. */
export async function openHeldUpstream() {
  const waiting: ((exchange: Exchange) => void)[] = [];
  const server = createServer((request, response) => waiting.shift()?.({ request, response }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = () => new Promise<Exchange>((resolve) => waiting.push(resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, next };
}

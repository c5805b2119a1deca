import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import type { EngineContent, EntryChange } from "@tcm/edge";
import {
  createTemporaryDirectory,
  removeDirectory,
  type TestAuthority,
  type TestCertificate,
  testPki,
} from "@tcm/testkit";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { median } from "./measure.ts";
import { type EngineChoice, engineChoices, entryId, type RunningEngine, serverName } from "./reload/engines.ts";
import type { LoadOrder, LoadResult } from "./reload/load-clients.ts";

const cas = 300;
const changes = 8;
const settleMs = 1_000;
const clients = { fresh: 4, persistent: 40 };

export const reloadBenchmark: Benchmark = {
  name: "reload",
  about: "one CA of 300 is replaced while clients of another come and go: what each engine makes of it",
  run: async () => {
    const rows: BenchmarkRow[] = [];
    const away = engineChoices.flatMap(({ name, missing }) => (missing === undefined ? [] : [`${name}: ${missing}`]));
    for (const choice of engineChoices) if (choice.missing === undefined) rows.push(...(await measureEngine(choice)));
    return {
      rows,
      notes: [
        `${changes} changes, proof included; ${clients.fresh} clients that come new each time, ${clients.persistent} that keep their connection and ask every 25 ms`,
        "effective: from the order until a client of the new CA is let in; median, with what its own tries take",
        "a request that is lost on a connection that was kept is the race of every reload: its client may send it again",
        ...away,
      ],
    };
  },
};

type Times = { readonly effectiveMs: number; readonly provedMs: number };

async function measureEngine(choice: EngineChoice): Promise<readonly BenchmarkRow[]> {
  const directory = createTemporaryDirectory();
  const pki = testPki({ now: new Date() });
  const server = pki.root("Bench Server Root").server(serverName);
  const serverFile = join(directory, "server.pem");
  writeFileSync(serverFile, server.pem + server.privateKeyPem, { mode: 0o600 });
  const staying = Array.from({ length: cas - 1 }, (_, i) => pki.root(`Partner ${i} Root`));
  const running = await choice.open(directory, serverFile);
  try {
    const change = changesOf(running, staying);
    await change(pki.root("First Root"));
    const load = await startLoad(running.port, staying[0]?.leaf("staying"));
    const times: Times[] = [];
    for (let i = 0; i < changes; i++) {
      times.push(await replaceOne(running, change, pki.root(`Partner ${cas + i} Root`)));
      await pause(settleMs);
    }
    return rowsOf(choice.name, times, await endLoad(load));
  } finally {
    await running.stop();
    removeDirectory(directory);
  }
}

/** Each version has the CAs that stay and one that does not. */
function changesOf({ engine }: RunningEngine, staying: readonly TestAuthority[]) {
  let previous: EngineContent | null = null;
  let number = 0;
  return async (last: TestAuthority): Promise<void> => {
    number++;
    const anchors = [...staying, last].map(({ certificate }) => certificate);
    const fingerprints = anchors.map(({ fingerprint }) => fingerprint).toSorted();
    const caSet = { kind: "ca-set", caSetId: "1", caSetName: "bench", version: number, fingerprints } as const;
    const next: EngineContent = { kind: "ca-set", caSet, anchors };
    const change: EntryChange = { entryId, generation: { epoch: 1, number }, previous, next };
    for (const outcome of [await engine.apply(change), await engine.verify(change)])
      if (!outcome.ok) throw new Error(`${engine.description.engine}: ${outcome.detail}`);
    previous = next;
  };
}

async function replaceOne(
  { port }: RunningEngine,
  change: (last: TestAuthority) => Promise<void>,
  authority: TestAuthority,
): Promise<Times> {
  const client = authority.leaf("new");
  const begin = performance.now();
  const effective = untilLetIn(port, client).then(() => performance.now() - begin);
  await change(authority);
  const provedMs = performance.now() - begin;
  return { effectiveMs: await effective, provedMs };
}

async function untilLetIn(port: number, client: TestCertificate): Promise<void> {
  while (!(await isLetIn(port, client))) await pause(5);
}

async function isLetIn(port: number, { chainPem, privateKeyPem }: TestCertificate): Promise<boolean> {
  const to = { host: "127.0.0.1", port, servername: serverName, rejectUnauthorized: false };
  const socket = connect({ ...to, cert: chainPem, key: privateKeyPem });
  const request = `GET / HTTP/1.1\r\nHost: ${serverName}\r\nConnection: close\r\n\r\n`;
  const answer = new Promise<string>((resolve) => {
    let text = "";
    socket.on("secureConnect", () => socket.write(request));
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    socket.on("error", () => resolve(""));
    socket.on("close", () => resolve(text));
  });
  return (await answer).startsWith("HTTP/1.1 200");
}

async function startLoad(port: number, client: TestCertificate | undefined): Promise<ChildProcess> {
  if (client === undefined) throw new Error("nobody stays");
  const child = fork(fileURLToPath(new URL("./reload/load-clients.ts", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { chainPem: cert, privateKeyPem: key } = client;
  child.send({ port, serverName, cert, key, ...clients } satisfies LoadOrder);
  await pause(settleMs);
  return child;
}

async function endLoad(child: ChildProcess): Promise<LoadResult> {
  const told = once(child, "message") as Promise<[LoadResult]>;
  child.send("end");
  const [result] = await told;
  child.disconnect();
  return result;
}

function rowsOf(name: string, times: readonly Times[], load: LoadResult): readonly BenchmarkRow[] {
  const none = { target: { relation: "at most", value: 0 } as const };
  const keepsRequests = name === "built-in" || name.endsWith("runtime");
  const row = (what: string, value: number, unit: string): BenchmarkRow => ({ what: `${name}, ${what}`, value, unit });
  return [
    row("effective", median(times.map(({ effectiveMs }) => effectiveMs)), "ms"),
    row("proved", median(times.map(({ provedMs }) => provedMs)), "ms"),
    { ...row("new connections lost", load.connectionsLost, `of ${load.connections}`), ...none },
    { ...row("requests lost", load.requestsLost, `of ${load.requests}`), ...(keepsRequests && none) },
    row("reconnects", load.reconnects, `of ${clients.persistent * changes}`),
  ];
}

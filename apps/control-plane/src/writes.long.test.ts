import { setTimeout as delay } from "node:timers/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { caSetList } from "@tcm/api-contract";
import { freePorts, temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { operatorKey } from "./keys/operator-key.ts";
import { createToken } from "./operations/api-token.ts";
import { openExistingStore } from "./store/open-store.ts";
import { apiClient } from "./testing/api-client.ts";
import { expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess } from "./testing/control-plane-process.ts";
import { PostgresServer, postgresMissing } from "./testing/postgres-server.ts";

/** 200 in a full run. */
const rounds = Number(process.env["TCM_KILL_ROUNDS"] ?? 20);
/** A loaded machine takes seconds to start a process. */
const timeoutMs = 600_000 + rounds * 15_000;
const writers = 4;
/** Of each writer in a round, so that a full run stays within the most sets that there can be. */
const writesAtOnce = 12;
const key = Buffer.alloc(32, 7);

/** Names of the sets that were acknowledged before the process died; `onFirst` at the first of them. */
async function writeUntilItDies(
  url: string,
  token: string,
  prefix: string,
  onFirst: () => void,
): Promise<readonly string[]> {
  const ask = apiClient(url, token);
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; n < writesAtOnce; n++) {
      const caSetName = `${prefix}-${writer}-${n}`;
      const answer = await ask("POST", "/ca-sets", { body: { caSetName } }).catch(() => undefined);
      if (answer === undefined) return;
      expect(answer.status, answer.text).toBe(201);
      acknowledged.push(caSetName);
      onFirst();
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, i) => write(i)));
  return acknowledged;
}

async function killAgainAndAgain(database: string | undefined): Promise<void> {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "operator.key"), `${key.toString("base64")}\n`, { mode: 0o600 });
  const ports = await freePorts(2);
  const limits = ["--limits", "caSets=10000,requestsPerMinute=1000000"];
  const more = [...limits, ...(database === undefined ? [] : ["--database", database])];
  const start = () => ControlPlaneProcess.start(directory, ports, more);
  let running = await start();
  onTestFinished(async () => void (await running.end("SIGKILL")));
  const store = await openExistingStore(directory, database);
  onTestFinished(() => store.close());
  const token = await createToken(store.db, Date.now, "admin", "test");
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = Promise.withResolvers<void>();
    const writing = writeUntilItDies(running.url, token, `r${round}`, first.resolve);
    // On a machine that is busy nothing would be written yet; the others' writes are under way.
    await Promise.race([first.promise, writing]);
    await delay((round * 53) % 150);
    await running.end("SIGKILL");
    acknowledged.push(...(await writing));
    running = await start();
    const { caSets } = expectStatus(await apiClient(running.url, token)("GET", "/ca-sets"), 200, caSetList);
    const present = new Set(caSets.map(({ caSetName }) => caSetName));
    expect(acknowledged.filter((name) => !present.has(name))).toEqual([]);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(rounds);
  const { faults, head } = await verifyAudit(store.db, await openAuditKey(store, operatorKey(key)));
  expect(faults).toEqual([]);
  expect(head?.number).toBeGreaterThanOrEqual(acknowledged.length);
}

describe(`killed at any moment under concurrent writes (${rounds} rounds)`, () => {
  test(
    "SQLite has everything that was acknowledged, and the audit record is whole",
    async () => {
      await killAgainAndAgain(undefined);
    },
    timeoutMs,
  );

  const missing = postgresMissing();
  if (missing !== undefined) console.warn(`skipped: kills under concurrent writes on PostgreSQL (${missing})`);
  test.skipIf(missing !== undefined)(
    "so has PostgreSQL",
    async () => {
      const server = await PostgresServer.start();
      onTestFinished(() => server.remove());
      await killAgainAndAgain(await server.createDatabase("kills"));
    },
    timeoutMs,
  );
});

import { execFile } from "node:child_process";
import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditPage, auditPage } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openOperatorKey } from "../keys/operator-key.ts";
import { createToken } from "../operations/api-token.ts";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { hashOf } from "./audit-chain.ts";
import { openAuditKey } from "./audit-key.ts";
import { openHeadFile, readHeadFile } from "./head-file.ts";
import { signHead } from "./head-watch.ts";
import { type AuditFault, type AuditHead, verifyAudit } from "./verify-audit.ts";

const root = testPki().root("Audited Root");

describe("what is on the record", () => {
  let plane: ControlPlaneHarness;
  let editor: string;
  beforeAll(async () => {
    plane = await ControlPlaneHarness.start();
    await plane.connectLocalNodes();
    editor = await createToken(plane.controlPlane.context.store.db, plane.clock.now, "editor", "test");
  });
  afterAll(() => plane.remove());

  const read = (query = ""): Promise<AuditPage> => plane.get(auditPage, `/audit${query}`);
  const newest = async () => (await read("?limit=1")).records[0];

  test("every write, with who, when, what, and in which request", async () => {
    const before = (await newest())?.number ?? 0;
    const caSetId = await plane.createVersion([root]);
    await plane.activateOnBoth(caSetId);
    await plane.ask("PATCH", "/edge-nodes/staging-edge", { body: { drained: true } });
    await plane.ask("PATCH", "/edge-nodes/staging-edge", { body: { drained: false } });
    const body = { name: "audited@tcm.example", role: "viewer", password: "seven green kettles" };
    const user = await plane.ask("POST", "/users", { body });
    const token = await plane.ask("POST", "/tokens", { body: { name: "audited", role: "viewer" } });
    await plane.ask("DELETE", `/tokens/${(token.body as { tokenId: number }).tokenId}`);
    const records = (await read()).records.filter(({ number }) => number > before).toReversed();
    expect(records.map(({ action }) => action)).toEqual([
      "CREATE_CA_SET",
      "CREATE_CA_SET_VERSION",
      "ACTIVATE_CA_SET_VERSION",
      "ACTIVATE_CA_SET_VERSION",
      "DRAIN_NODE",
      "UNDRAIN_NODE",
      "CREATE_USER",
      "CREATE_TOKEN",
      "REVOKE_TOKEN",
    ]);
    for (const { by, outcome, requestId } of records) {
      expect([by, outcome]).toEqual(["token-1", "done"]);
      expect(requestId).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(records[2]?.subject).toEqual({ caSetId, version: 1, network: "STAGING" });
    expect(JSON.stringify(records)).not.toContain("seven green kettles");
    expect(user.status).toBe(201);
  });

  test("every refusal of a deployment, whatever it was refused for", async () => {
    const caSetId = await plane.createVersion([root]);
    const path = `/ca-sets/${caSetId}/versions/1`;
    const tries = [
      [`${path}/activate`, { network: "PRODUCTION" }, "forbidden", editor],
      [`${path}/deactivate`, { network: "STAGING" }, "ca-set-version-not-active-on-network", editor],
      [`/ca-sets/999/versions/1/activate`, { network: "STAGING" }, "ca-set-not-found", editor],
      [`${path}/activate`, { network: "MARS" }, "json-schema-validation-error", editor],
      [
        "/edge-certificates",
        { hostnames: ["a.example"], clientAuthentication: { caSetId } },
        "ca-set-not-on-both-networks",
        plane.admin,
      ],
      ["/edge-certificates", {}, "forbidden", editor],
    ] as const;
    for (const [target, body, outcome, token] of tries) {
      const answer = await plane.ask("POST", target, { body, token });
      expect(refusal(answer)[1]).toBe(outcome);
      const record = await newest();
      expect(record).toMatchObject({ action: "REFUSE_DEPLOYMENT", outcome, subject: { method: "POST" } });
      expect(record?.requestId).toBe((answer.body as { instance: string }).instance.split("/").at(-1));
    }
  });

  test("neither reads, nor what nobody is known to have asked for", async () => {
    const before = await newest();
    await plane.ask("GET", "/ca-sets");
    await plane.ask("POST", "/ca-sets/1/versions/1/activate", { body: { network: "STAGING" }, token: null });
    await plane.ask("POST", "/ca-sets", { body: { caSetName: "?" } });
    expect(await newest()).toEqual(before);
  });

  test("is read in pages, newest first, and narrowed", async () => {
    const all = (await read("?limit=1000")).records;
    const pages: number[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const page: AuditPage = await read(`?limit=4${before === undefined ? "" : `&before=${before}`}`);
      pages.push(...page.records.map(({ number }) => number));
      before = page.nextBefore;
    }
    expect(pages).toEqual(all.map(({ number }) => number));
    expect(pages).toEqual(Array.from({ length: pages.length }, (_, i) => pages.length - i));
    const refused = await read("?action=REFUSE_DEPLOYMENT&outcome=forbidden");
    expect(refused.records).toEqual(
      all.filter(({ action, outcome }) => action === "REFUSE_DEPLOYMENT" && outcome === "forbidden"),
    );
    const at = encodeURIComponent(all[0]?.date ?? "");
    expect((await read(`?since=${at}&until=${at}&by=token-1`)).records.length).toBeGreaterThan(0);
    expect((await read("?until=2020-01-01T00:00:00Z")).records).toEqual([]);
  });

  test.each([
    "?limit=0",
    "?limit=1001",
    "?limit=x",
    "?before=0",
    "?since=yesterday",
    "?until=x",
    "?by=",
  ])("%s is refused", async (query) =>
    expect(refusal(await plane.ask("GET", `/audit${query}`))).toEqual([400, "invalid-field"]));

  test("writes at the same time make one chain", async () => {
    await Promise.all(Array.from({ length: 20 }, () => plane.createSet()));
    const { db } = plane.controlPlane.context.store;
    expect((await verifyAudit(db, { verify: () => true })).faults).toEqual([]);
  });
});

describe("a record that was tampered with", () => {
  let plane: ControlPlaneHarness;
  let head: AuditHead | undefined;
  beforeEach(async () => {
    plane = await ControlPlaneHarness.start();
    for (let i = 0; i < 6; i++) await plane.createSet();
    head = (await verify()).head;
  });
  afterEach(() => plane.remove());

  const database = () => plane.controlPlane.context.store.db;
  const key = () => openAuditKey(plane.controlPlane.context.store, openOperatorKey(plane.directory));
  const verify = async (witnessed: readonly AuditHead[] = []) => verifyAudit(database(), await key(), witnessed);
  const sign = async () => {
    const { store } = plane.controlPlane.context;
    const log = { info: () => undefined } as unknown as Parameters<typeof signHead>[0]["log"];
    const keep = openHeadFile(plane.directory);
    await signHead({ store, key: await key(), now: () => "2026-06-01T00:00:00.000000Z", log, keep });
  };
  const row = (number: number) =>
    database().selectFrom("audit_records").selectAll().where("number", "=", number).executeTakeFirstOrThrow();
  /** What somebody would do who knows how the chain is made. */
  async function rehash(from: number): Promise<void> {
    const rows = await database().selectFrom("audit_records").selectAll().orderBy("number").execute();
    let previous = rows.find(({ number }) => number === from - 1)?.hash ?? "0".repeat(64);
    for (const old of rows.filter(({ number }) => number >= from)) {
      const hash = hashOf({ ...old, previous_hash: previous });
      const changes = { previous_hash: previous, hash };
      await database().updateTable("audit_records").set(changes).where("number", "=", old.number).execute();
      previous = hash;
    }
  }

  test("is intact before", async () => {
    expect(await verify()).toEqual({ head, faults: [] });
    expect(head?.number).toBe(6);
  });

  test.each([
    "at",
    "by",
    "action",
    "subject",
    "outcome",
    "request_id",
    "hash",
    "previous_hash",
  ] as const)("a changed %s is named", async (column) => {
    await database()
      .updateTable("audit_records")
      .set({ [column]: "changed" })
      .where("number", "=", 3)
      .execute();
    const { faults } = await verify();
    expect(faults).toContainEqual({ kind: "changed", number: 3 } satisfies AuditFault);
    expect(faults.every(({ number }) => number === 3 || number === 4)).toBe(true);
  });

  test("a deleted row is named", async () => {
    await database().deleteFrom("audit_records").where("number", "=", 3).execute();
    expect((await verify()).faults).toEqual([{ kind: "missing", number: 3 }]);
  });

  test("the first row is missed as well", async () => {
    await database().deleteFrom("audit_records").where("number", "=", 1).execute();
    expect((await verify()).faults).toEqual([{ kind: "missing", number: 1 }]);
  });

  test("an inserted row is named, with the one after it", async () => {
    await sql`UPDATE audit_records SET number = -number WHERE number > 3`.execute(database());
    await sql`UPDATE audit_records SET number = 1 - number WHERE number < 0`.execute(database());
    const third = await row(3);
    const forged = { ...third, number: 4, previous_hash: third.hash, by: "somebody else" };
    await database()
      .insertInto("audit_records")
      .values({ ...forged, hash: hashOf(forged) })
      .execute();
    const { faults } = await verify();
    expect(faults[0]).toEqual({ kind: "unlinked", number: 5 });
  });

  test("truncated rows are missed by a signed head of the store", async () => {
    await sign();
    await database().deleteFrom("audit_records").where("number", ">", 4).execute();
    expect((await verify()).faults).toEqual([{ kind: "truncated", number: 5 }]);
  });

  test("rows that went with their heads are missed by a head of the log", async () => {
    await sign();
    await database().deleteFrom("audit_records").where("number", ">", 4).execute();
    await database().deleteFrom("audit_heads").execute();
    expect((await verify()).faults).toEqual([]);
    expect((await verify(head && [head])).faults).toEqual([{ kind: "truncated", number: 5 }]);
  });

  test("and by the head that is kept beside the store, which tcm audit verify reads by itself", async () => {
    await sign();
    await database().deleteFrom("audit_records").where("number", ">", 4).execute();
    await database().deleteFrom("audit_heads").execute();
    const kept = readHeadFile(plane.directory, await key());
    expect(kept).toEqual({ heads: [expect.objectContaining({ number: 6, hash: head?.hash })], forged: [] });
    expect((await verifyAudit(database(), await key(), [], kept)).faults).toEqual([{ kind: "truncated", number: 5 }]);
  });

  test("the kept heads grow line by line, a cut last line is left out, and one that we did not sign is named", async () => {
    await sign();
    await plane.createSet();
    await sign();
    await sign();
    const file = join(plane.directory, "audit-heads.jsonl");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const numbers = async () => readHeadFile(plane.directory, await key()).heads.map(({ number }) => number);
    expect(await numbers()).toEqual([6, 7]);
    appendFileSync(file, '{"number":8,"ha');
    expect(await numbers()).toEqual([6, 7]);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"number":7', '"number":9').replace(/\{"number":8.*$/, "rubbish\n"));
    const kept = readHeadFile(plane.directory, await key());
    expect(kept.forged).toEqual([9, 0]);
    const { faults } = await verifyAudit(database(), await key(), [], kept);
    expect(faults.filter(({ kind }) => kind === "forged-head").map(({ number }) => number)).toEqual([0, 9]);
  });

  test("a chain that was made anew does not fit its signed head", async () => {
    await sign();
    await database().updateTable("audit_records").set({ by: "nobody" }).where("number", "=", 2).execute();
    await rehash(2);
    expect((await verify()).faults).toEqual([{ kind: "rewritten", number: 6 }]);
  });

  test("a head that somebody else signed is named", async () => {
    await sign();
    const { hash } = await row(5);
    const forged = { number: 5, hash, signed_at: "2026", signature: Buffer.alloc(64).toString("base64") };
    await database().insertInto("audit_heads").values(forged).execute();
    expect((await verify()).faults).toEqual([{ kind: "forged-head", number: 5 }]);
  });

  test("text that is no JSON hides nothing else", async () => {
    await database().updateTable("audit_records").set({ subject: "{" }).where("number", "=", 3).execute();
    const page = await plane.get(auditPage, "/audit");
    expect(page.records).toHaveLength(6);
    expect(page.records.find(({ number }) => number === 3)?.subject).toEqual({ unreadable: "{" });
  });

  test("the process says so by its exit code, and is content with an intact one; the log has the head", async () => {
    const run = (...args: readonly string[]): Promise<{ code: unknown; stdout: string }> =>
      new Promise((resolve) => {
        const file = join(import.meta.dirname, "../audit-main.ts");
        execFile(process.execPath, [file, "--data", plane.directory, ...args], (error, stdout) =>
          resolve({ code: error?.code ?? 0, stdout }),
        );
      });
    const intact = await run("--head", `6:${head?.hash}`);
    expect([intact.code, JSON.parse(intact.stdout)]).toEqual([0, { intact: true, head, faults: [] }]);
    await database().updateTable("audit_records").set({ by: "changed" }).where("number", "=", 3).execute();
    const broken = await run();
    expect([broken.code, JSON.parse(broken.stdout)]).toMatchObject([1, { intact: false, faults: [{ number: 3 }] }]);
    expect((await run("--head", "6")).code).toBe(2);
    await plane.stop();
    expect(plane.log).toContain(`"auditHead":{"number":6,"hash":"${head?.hash}"`);
  });
});

import { testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken } from "../operations/api-token.ts";
import { problemOf, refusal } from "../testing/api-client.ts";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const account = { name: "reader@tcm.example", password: "seven green kettles" };
const notWritable = [503, "store-not-writable"];

let plane: ControlPlaneHarness;
let browser: Browser;
let unused: string;
let caSetId: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  browser = new Browser(plane.ask, plane.controlPlane.url);
  await plane.ask("POST", "/users", { body: { ...account, role: "editor" } });
  expect((await browser.send("POST", "/session", account)).status).toBe(201);
  unused = await createToken(plane.controlPlane.context.store.db, plane.clock.now, "viewer", "test");
  caSetId = await plane.createVersion([testPki().root("A")]);
  // Uses of the session and of the tokens are due to be noted again.
  plane.clock.advance(120_000);
  await sql.raw("PRAGMA query_only = ON").execute(plane.controlPlane.context.store.db);
});
afterAll(() => plane.remove());

const createSet = () => plane.ask("POST", "/ca-sets", { body: { caSetName: "refused" } });

describe("a store that takes no writes", () => {
  test("lets everybody read on: old and new tokens, and sessions", async () => {
    for (let i = 0; i < 2; i++) {
      expect((await plane.ask("GET", "/ca-sets")).status).toBe(200);
      expect((await plane.ask("GET", "/ca-sets", { token: unused })).status).toBe(200);
      expect((await browser.send("GET", "/ca-sets")).status).toBe(200);
    }
  });

  test("refuses every write by its own problem, with when to come again and where the log has more", async () => {
    const answer = await createSet();
    const { slug, detail, contextInfo } = problemOf(answer);
    expect([answer.status, slug]).toEqual(notWritable);
    expect(detail).toMatch(/^The store may not be written\. Nothing was changed, and reads go on\. The log has/);
    expect(answer.headers["retry-after"]).toBeDefined();
    expect(plane.log).toContain(String(contextInfo?.["requestId"]));
    expect(refusal(await browser.send("POST", "/ca-sets", { caSetName: "refused" }))).toEqual(notWritable);
    expect(refusal(await browser.send("POST", "/session", account))).toEqual(notWritable);
    const path = `/ca-sets/${caSetId}/versions/1/activate`;
    expect(refusal(await plane.ask("POST", path, { body: { network: "STAGING" } }))).toEqual(notWritable);
  });

  test("takes them again when it can be written, and a session that was used meanwhile goes on", async () => {
    await sql.raw("PRAGMA query_only = OFF").execute(plane.controlPlane.context.store.db);
    expect((await createSet()).status).toBe(201);
    expect((await browser.send("GET", "/session")).status).toBe(200);
  });
});

import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import {
  apiBasePath,
  auditPage,
  createdApiClient,
  createdApiToken,
  type Role,
  type UserView,
  user,
} from "@tcm/api-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { maxRecorded } from "./refused-sign-in.ts";

const password = "seven green kettles";

let plane: ControlPlaneHarness;
beforeAll(async () => (plane = await ControlPlaneHarness.start()));
afterAll(() => plane.remove());

let names = 0;
async function newAdmin(): Promise<{ readonly view: UserView; readonly browser: Browser }> {
  const body = { name: `maker${++names}@tcm.example`, role: "admin", password };
  const view = expectStatus(await plane.ask("POST", "/users", { body }), 201, user);
  const browser = new Browser(plane.ask, plane.controlPlane.url);
  expect((await browser.send("POST", "/session", { name: view.name, password })).status).toBe(201);
  return { view, browser };
}
const change = (view: UserView, body: object) => plane.ask("PATCH", `/users/${view.userId}`, { body });
const status = async (token: string): Promise<number> => (await plane.ask("GET", "/ca-sets", { token })).status;
async function tokenOf(browser: Browser, role: Role): Promise<string> {
  const answer = await browser.send("POST", "/tokens", { name: "made", role });
  return expectStatus(answer, 201, createdApiToken).token;
}

describe("who is disabled leaves nothing behind that still gets in", () => {
  test("sessions, tokens, API clients, and what was made with those in turn, each on the record; others stay", async () => {
    const { view, browser } = await newAdmin();
    const token = await tokenOf(browser, "admin");
    const body = { name: "made", role: "viewer" };
    const grandchild = expectStatus(await plane.ask("POST", "/tokens", { token, body }), 201, createdApiToken).token;
    const client = expectStatus(
      await browser.send("POST", "/api-clients", { name: "made", role: "viewer" }),
      201,
      createdApiClient,
    );
    const other = await tokenOf((await newAdmin()).browser, "admin");
    expect(await Promise.all([token, grandchild, other].map(status))).toEqual([200, 200, 200]);
    expect((await change(view, { disabled: true })).status).toBe(200);
    expect((await browser.send("GET", "/ca-sets")).status).toBe(401);
    expect(await Promise.all([token, grandchild, other].map(status))).toEqual([401, 401, 200]);
    const { text } = await plane.ask("GET", "/api-clients");
    const clients = (JSON.parse(text) as { apiClients: { apiClientId: number; revokedDate: string | null }[] })
      .apiClients;
    expect(clients.find(({ apiClientId }) => apiClientId === client.apiClientId)?.revokedDate).not.toBeNull();
    const { records } = await plane.get(auditPage, "/audit?limit=4");
    expect(records.map(({ action }) => action).toSorted()).toEqual([
      "CHANGE_USER",
      "REVOKE_API_CLIENT",
      "REVOKE_TOKEN",
      "REVOKE_TOKEN",
    ]);
    expect((await change(view, { disabled: false })).status).toBe(200);
    expect(await status(token)).toBe(401);
  });

  test("nor does a request that was let in before, and whose body comes after", async () => {
    const { view, browser } = await newAdmin();
    const token = await tokenOf(browser, "admin");
    const body = JSON.stringify({ name: `late${names}@tcm.example`, role: "admin", password });
    const late = request(`${plane.controlPlane.url}${apiBasePath}/users`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        expect: "100-continue",
      },
    });
    late.flushHeaders();
    await once(late, "continue");
    expect((await change(view, { disabled: true })).status).toBe(200);
    late.end(body);
    const [answer] = (await once(late, "response")) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(401);
  });

  test("nor a join token that is not used yet: no node comes in by it", async () => {
    const { view, browser } = await newAdmin();
    const wish = { network: "STAGING", engine: "haproxy" };
    const token = await tokenOf(browser, "admin");
    const made = [
      await browser.send("POST", "/edge-nodes/join-tokens", wish),
      await plane.ask("POST", "/edge-nodes/join-tokens", { token, body: wish }),
    ];
    expect(made.map(({ status: code }) => code)).toEqual([201, 201]);
    const { db } = plane.controlPlane.context.store;
    const left = () => db.selectFrom("join_tokens").select("created_by").execute();
    expect(await left()).toHaveLength(2);
    expect((await change(view, { role: "deployer" })).status).toBe(200);
    // Made with a token that may do more than its maker.
    expect(await left()).toEqual([{ created_by: view.name }]);
    expect((await change(view, { disabled: true })).status).toBe(200);
    expect(await left()).toEqual([]);
    const { records } = await plane.get(auditPage, "/audit?action=REVOKE_JOIN_TOKENS&limit=2");
    expect(records.map(({ subject }) => subject)).toMatchObject([{ madeBy: view.name, count: 1 }, { count: 1 }]);
  });

  test("who may do less keeps the tokens that may do as little", async () => {
    const { view, browser } = await newAdmin();
    const [strong, weak] = [await tokenOf(browser, "deployer"), await tokenOf(browser, "viewer")];
    expect((await change(view, { role: "editor" })).status).toBe(200);
    expect(await Promise.all([strong, weak].map(status))).toEqual([401, 200]);
  });

  test("a new password ends sessions alone", async () => {
    const { view, browser } = await newAdmin();
    const token = await tokenOf(browser, "admin");
    expect((await change(view, { password: "eight green kettles" })).status).toBe(200);
    expect((await browser.send("GET", "/ca-sets")).status).toBe(401);
    expect(await status(token)).toBe(200);
  });
});

describe("sign-ins that were refused are on the audit record", () => {
  const tryAs = (name: string) =>
    plane.ask("POST", "/session", { token: null, body: { name, password: "a wrong password" } });
  const refused = async () => (await plane.get(auditPage, "/audit?action=REFUSE_SIGN_IN&limit=1000")).records;

  test("with the account and the address; a name that nobody has is not repeated", async () => {
    const { view } = await newAdmin();
    const answer = await tryAs(view.name);
    expect(refusal(answer)).toEqual([401, "unauthorized"]);
    await tryAs("my-secret-password");
    const [unknown, known] = await refused();
    expect(known).toMatchObject({
      by: "nobody",
      outcome: "unauthorized",
      subject: { userId: view.userId, name: view.name, address: "127.0.0.1" },
      requestId: (answer.body as { instance: string }).instance.split("/").at(-1),
    });
    expect(unknown?.subject).toEqual({ user: "unknown", address: "127.0.0.1" });
    expect(JSON.stringify(await refused())).not.toContain("my-secret-password");
  });

  test("as many as are of use: guesses do not fill it, and the last one says that more came", async () => {
    const { db } = plane.controlPlane.context.store;
    const source = "refused sign-ins on the record";
    const near = { count: maxRecorded - 1 };
    await db.updateTable("sign_in_attempts").set(near).where("source", "=", source).execute();
    const before = (await refused()).length;
    for (let i = 0; i < 3; i++) await tryAs(`nobody${i}`);
    const records = await refused();
    expect(records.length).toBe(before + 1);
    expect(records[0]?.subject).toHaveProperty("more");
    plane.clock.advance(15 * 60_000);
    await tryAs("nobody-later");
    expect((await refused()).length).toBe(before + 2);
  });
});

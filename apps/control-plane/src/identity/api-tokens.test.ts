import { type CreatedApiToken, createdApiToken } from "@tcm/api-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => (plane = await ControlPlaneHarness.start()));
afterAll(() => plane.remove());

async function newToken(changes: object = {}): Promise<CreatedApiToken> {
  const body = { name: "CI pipeline", role: "editor", ...changes };
  return expectStatus(await plane.ask("POST", "/tokens", { body }), 201, createdApiToken);
}

async function listed(tokenId: number) {
  const { body } = await plane.ask("GET", "/tokens");
  return (body as { tokens: { tokenId: number }[] }).tokens.find((token) => token.tokenId === tokenId);
}

const unauthorized = [401, "unauthorized"];

describe("API tokens", () => {
  test("are shown once, with what they are told apart by", async () => {
    const { token, ...created } = await newToken();
    expect(token).toMatch(/^tcm_[\w-]{43}$/);
    expect(await listed(created.tokenId)).toEqual(created);
    expect(created).toMatchObject({ name: "CI pipeline", role: "editor", prefix: token.slice(0, 8), expiryDate: null });
    expect(plane.everythingWritten).not.toContain(token);
  });

  test("have the role that they were given, and no other", async () => {
    const { token, tokenId } = await newToken({ role: "editor" });
    const session = await plane.ask("GET", "/session", { token });
    expect(session.body).toMatchObject({ name: `token-${tokenId}`, role: "editor", kind: "token", expiryDate: null });
    expect(refusal(await plane.ask("GET", "/tokens", { token }))).toEqual([403, "forbidden"]);
  });

  test("end at their date", async () => {
    const { token, expiryDate } = await newToken({ expiresInDays: 1 });
    expect(Date.parse(expiryDate ?? "")).toBe(plane.clock.now() + 86_400_000);
    plane.clock.advance(86_399_000);
    expect((await plane.ask("GET", "/session", { token })).status).toBe(200);
    plane.clock.advance(1_000);
    expect(refusal(await plane.ask("GET", "/session", { token }))).toEqual(unauthorized);
  });

  test("end when they are revoked, at once and once", async () => {
    const { token, tokenId } = await newToken();
    expect((await plane.ask("DELETE", `/tokens/${tokenId}`)).status).toBe(204);
    expect(refusal(await plane.ask("GET", "/session", { token }))).toEqual(unauthorized);
    expect(refusal(await plane.ask("DELETE", `/tokens/${tokenId}`))).toEqual([404, "token-not-found"]);
    expect(await listed(tokenId)).toHaveProperty("revokedDate", expect.stringMatching(/^20/));
  });

  test("made with one that is revoked go on, so that automation can make its successor; the list says who made them", async () => {
    const maker = await newToken({ role: "admin" });
    const body = { name: "successor", role: "admin" };
    const made = await plane.ask("POST", "/tokens", { token: maker.token, body });
    const { token, tokenId } = expectStatus(made, 201, createdApiToken);
    expect((await plane.ask("DELETE", `/tokens/${maker.tokenId}`, { token })).status).toBe(204);
    expect((await plane.ask("GET", "/session", { token })).status).toBe(200);
    expect(await listed(tokenId)).toMatchObject({ createdBy: `token-${maker.tokenId}`, revokedDate: null });
  });

  test("that were stolen go with all that was made with them, in turn and whoever revoked a part of it, but not with who says so", async () => {
    const stolen = await newToken({ role: "admin" });
    const by = async (token: string, path: string, body: object) => plane.ask("POST", path, { token, body });
    const wish = { name: "made", role: "admin" };
    const child = expectStatus(await by(stolen.token, "/tokens", wish), 201, createdApiToken);
    const grandchild = expectStatus(await by(child.token, "/tokens", wish), 201, createdApiToken);
    const operator = expectStatus(await by(stolen.token, "/tokens", wish), 201, createdApiToken);
    const password = "seven green kettles";
    const eve = { name: "eve@tcm.example", role: "admin", password };
    expect((await by(child.token, "/users", eve)).status).toBe(201);
    expect((await by(child.token, "/api-clients", wish)).status).toBe(201);
    const node = { network: "PRODUCTION", engine: "nginx" };
    expect((await by(grandchild.token, "/edge-nodes/join-tokens", node)).status).toBe(201);
    for (const { tokenId } of [stolen, child])
      expect((await plane.ask("DELETE", `/tokens/${tokenId}`, { token: operator.token })).status).toBe(204);
    expect((await plane.ask("GET", "/session", { token: grandchild.token })).status).toBe(200);
    const all = `/tokens/${stolen.tokenId}?withMade=true`;
    expect((await plane.ask("DELETE", all, { token: operator.token })).status).toBe(204);
    expect(refusal(await plane.ask("GET", "/session", { token: grandchild.token }))).toEqual(unauthorized);
    expect((await plane.ask("GET", "/session", { token: operator.token })).status).toBe(200);
    const signIn = await plane.ask("POST", "/session", { token: null, body: { name: eve.name, password } });
    expect(signIn.status).not.toBe(201);
    const { db } = plane.controlPlane.context.store;
    const made = db.selectFrom("api_clients").select("revoked_at").where("created_by", "=", `token-${child.tokenId}`);
    expect(await made.executeTakeFirst()).toMatchObject({ revoked_at: expect.stringMatching(/^20/) });
    expect(await db.selectFrom("join_tokens").selectAll().execute()).toEqual([]);
    expect(refusal(await plane.ask("DELETE", "/tokens/999?withMade=true"))).toEqual([404, "token-not-found"]);
  });

  test("tell when they were last used, to the minute", async () => {
    const { token, tokenId } = await newToken();
    const use = () => plane.ask("GET", "/session", { token });
    await use();
    const first = await listed(tokenId);
    expect(first).toHaveProperty("lastUsedDate", expect.stringMatching(/^20/));
    plane.clock.advance(59_000);
    await use();
    expect(await listed(tokenId)).toEqual(first);
    plane.clock.advance(1_000);
    await use();
    expect(await listed(tokenId)).not.toEqual(first);
  });

  test("have no session to end and no password to change", async () => {
    const { token } = await newToken();
    expect(refusal(await plane.ask("DELETE", "/session", { token }))).toEqual([403, "forbidden"]);
    const body = { currentPassword: "x", newPassword: "y" };
    expect(refusal(await plane.ask("POST", "/session/password", { token, body }))).toEqual([403, "forbidden"]);
  });

  test.each([
    { expiresInDays: 0 },
    { expiresInDays: 3_651 },
    { expiresInDays: 1.5 },
    { role: "root" },
    { name: "" },
    { name: "a\u001b[31m" },
  ])("%j is refused", async (changes) => {
    const body = { name: "bad", role: "viewer", ...changes };
    expect(refusal(await plane.ask("POST", "/tokens", { body }))).toEqual([400, "json-schema-validation-error"]);
  });
});

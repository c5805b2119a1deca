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

import { createdApiClient, createdApiToken, type Role } from "@tcm/api-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { createApiClient } from "./api-clients.ts";
import { issueToken } from "./api-tokens.ts";
import type { IdentityContext } from "./identity-context.ts";
import { openOperatorKey } from "../keys/operator-key.ts";
import { changeUser, createUser } from "./users.ts";
import { changePassword } from "./sign-in.ts";

const password = "seven green kettles";
const operator = { name: "operator@tcm.example", role: "admin" } as const;

let plane: ControlPlaneHarness;
let identity: IdentityContext;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  const { store, clock } = plane.controlPlane.context;
  const publicUrl = () => plane.controlPlane.url;
  const operatorKey = openOperatorKey(plane.directory);
  identity = { store, clock, operatorKey, publicUrl, edgegridWindowMs: 60_000, oidc: undefined };
  expect((await plane.ask("POST", "/users", { body: { ...operator, password } })).status).toBe(201);
});
afterAll(() => plane.remove());

let names = 0;
async function newUser(role: Role = "admin"): Promise<{ readonly userId: number; readonly name: string }> {
  const made = await createUser(identity, operator, { name: `quick${++names}@tcm.example`, role, password });
  if (!made.ok) throw new Error(made.problem.detail);
  return made.value;
}
/** As a request goes on that was let in before. */
const makeBoth = (name: string) =>
  Promise.all([
    issueToken(identity, { name, role: "admin" }, { name: "late", role: "viewer" }),
    createApiClient(identity, { name, role: "admin" }, { name: "late", role: "viewer", profile: "mets" }),
  ]);
const slugs = async (name: string) =>
  (await makeBoth(name)).map((outcome) => (outcome.ok ? "made" : outcome.problem.slug));
async function alive(name: string): Promise<number> {
  const { db } = identity.store;
  const tables = ["api_tokens", "api_clients"] as const;
  const rows = tables.map((table) =>
    db.selectFrom(table).select("id").where("created_by", "=", name).where("revoked_at", "is", null).execute(),
  );
  return (await Promise.all(rows)).flat().length;
}

describe("who is let in and then ended makes no credential any more", () => {
  test("neither a user who was disabled or demoted in between, nor one who does not exist", async () => {
    const [disabled, demoted, same] = [await newUser(), await newUser(), await newUser()];
    await changeUser(identity, operator, disabled.userId, { disabled: true });
    await changeUser(identity, operator, demoted.userId, { role: "deployer" });
    expect(await slugs(disabled.name)).toEqual(["unauthorized", "unauthorized"]);
    expect(await slugs(demoted.name)).toEqual(["forbidden", "forbidden"]);
    expect(await slugs("nobody")).toEqual(["unauthorized", "unauthorized"]);
    expect(await slugs(same.name)).toEqual(["made", "made"]);
    expect(await Promise.all([disabled, demoted, same].map(({ name }) => alive(name)))).toEqual([0, 0, 2]);
    const wish = { name: "late@tcm.example", role: "admin", password } as const;
    expect(await createUser(identity, { name: disabled.name, role: "admin" }, wish)).toMatchObject({
      problem: { slug: "unauthorized" },
    });
  });

  test("nor a token or an API client that was revoked, or has expired", async () => {
    const body = { name: "maker", role: "admin", expiresInDays: 1 };
    const token = expectStatus(await plane.ask("POST", "/tokens", { body }), 201, createdApiToken);
    const wish = { body: { name: "maker", role: "admin" } };
    const client = expectStatus(await plane.ask("POST", "/api-clients", wish), 201, createdApiClient);
    const makers = [`token-${token.tokenId}`, `client-${client.apiClientId}`] as const;
    for (const maker of makers) expect(await slugs(maker)).toEqual(["made", "made"]);
    plane.clock.advance(86_400_000);
    expect(await slugs(makers[0])).toEqual(["unauthorized", "unauthorized"]);
    expect((await plane.ask("DELETE", `/api-clients/${client.apiClientId}`)).status).toBe(204);
    expect(await slugs(makers[1])).toEqual(["unauthorized", "unauthorized"]);
  });

  test("in the same instant: whichever comes first, nothing of it is left alive", async () => {
    for (let round = 0; round < 10; round++) {
      const { userId, name } = await newUser();
      const end = () => changeUser(identity, operator, userId, { disabled: true });
      await Promise.all(round % 2 === 0 ? [makeBoth(name), end()] : [end(), makeBoth(name)]);
      expect(await alive(name)).toBe(0);
    }
  });
});

test("a password that is changed while its holder is disabled does not come back with the account", async () => {
  const { userId, name } = await newUser("viewer");
  const change = { name, currentPassword: password, newPassword: "eight green kettles", address: "192.0.2.1" };
  const changing = changePassword(identity, change);
  const [outcome] = await Promise.all([changing, changeUser(identity, operator, userId, { disabled: true })]);
  expect(outcome.ok).toBe(false);
  const { db } = identity.store;
  expect(await db.selectFrom("sessions").select("user_id").where("user_id", "=", userId).execute()).toEqual([]);
});

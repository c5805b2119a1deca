import { apiBasePath, createdApiClient } from "@tcm/api-contract";
import { fixedClock, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { edgegridHeader, readEdgerc } from "../testing/edgegrid-signer.ts";
import { rejects } from "../testing/fake-node.ts";

const root = testPki().root("Logged Root");
const password = "nine purple lanterns";

type Line = Readonly<Record<string, unknown>>;

let plane: ControlPlaneHarness;
beforeAll(async () => {
  // EdgeGrid needs TLS, and the client's side of TLS knows no other time than the machine's.
  const clock = fixedClock(new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString());
  plane = await ControlPlaneHarness.start({ clock, listen: { tls: "self-signed" } });
});
afterAll(() => plane.remove());

const lines = (): readonly Line[] =>
  plane.log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
const said = (message: string, field: string, value: unknown) =>
  lines().filter((line) => line["msg"] === message && String(line[field]) === String(value));

describe("logs are found by their ids", () => {
  test("a request, the activation that it began, and how that ended", async () => {
    await plane.connectLocalNodes();
    const id = await plane.createVersion([root]);
    const view = await plane.activate(id, 1, "STAGING");
    await plane.ended(view);
    const { activationId } = view;
    const [begun] = said("activation begun", "activationId", activationId);
    expect(begun).toMatchObject({ network: "STAGING", version: 1, requestId: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const requests = said("request", "requestId", begun?.["requestId"]);
    expect(requests).toMatchObject([{ method: "POST", statusCode: 202 }]);
    expect(said("activation ended", "activationId", activationId)).toMatchObject([{ outcome: "complete" }]);
    expect(said("request", "activationId", activationId).length).toBeGreaterThan(0);
  });

  test("an operator's end of an activation names the request, and a problem's instance is its id", async () => {
    await plane.connect(await plane.enrol("away", "STAGING"), () => []);
    const id = await plane.createVersion([root]);
    const { activationId, activationLink } = await plane.activate(id, 1, "STAGING");
    expect((await plane.ask("POST", `/${activationLink}/cancel`)).status).toBe(200);
    const [ended] = said("activation ended", "activationId", activationId);
    expect(ended).toMatchObject({ outcome: "cancelled" });
    expect(said("request", "requestId", ended?.["requestId"])).toMatchObject([{ method: "POST", activationId }]);
    const { instance = "" } = (await plane.ask("GET", "/ca-sets/999999")).body as { readonly instance?: string };
    expect(said("request", "requestId", instance.split("/").at(-1))).toMatchObject([{ statusCode: 404 }]);
    await plane.drain("away");
  });
});

describe("logs hold no secret", () => {
  test("no token, cookie, password, signature, credential, key or certificate, whatever is asked at any level", async () => {
    const { controlPlane, ask } = plane;
    const firstToken = new URL(controlPlane.signInLink ?? "").hash.replace("#first=", "");
    const admin = new Browser(ask, controlPlane.url);
    const redeemed = await admin.send("POST", "/session/redeem", {
      token: firstToken,
      name: "a@tcm.example",
      password,
    });
    expect(redeemed.status).toBe(201);
    const cookies = [...admin.cookies.values()];
    const other = new Browser(ask, controlPlane.url);
    expect((await other.send("POST", "/session", { name: "a@tcm.example", password })).status).toBe(201);
    await other.send("POST", "/session", { name: "a@tcm.example", password: `${password}-wrong` });
    cookies.push(...other.cookies.values());
    await other.send("POST", "/session/password", { currentPassword: password, newPassword: `${password}-new` });
    // A new password has ended the other session.
    cookies.push(...other.cookies.values());
    const made = await other.send("POST", "/tokens", { name: "made", role: "editor" });
    expect(made.status).toBe(201);
    const { token } = made.body as { readonly token: string };
    await ask("GET", "/ca-sets", { token });
    await ask("GET", "/ca-sets", { token: `${token}x` });
    await ask("GET", `/ca-sets?token=${token}`);
    await ask("GET", `/session/oidc?code=${token}`, { token: null });
    const wish = { name: "Terraform", role: "admin" };
    const client = expectStatus(await ask("POST", "/api-clients", { body: wish }), 201, createdApiClient);
    const secrets = readEdgerc(client.edgerc);
    const path = `${apiBasePath}/session`;
    const authorization = edgegridHeader(secrets, { method: "GET", path, now: plane.clock.now() });
    expect((await ask("GET", `/${path}`, { token: null, headers: { authorization } })).status).toBe(200);
    await ask("GET", `/${path}`, { token: null, headers: { authorization } });
    const id = await plane.createVersion([root]);
    for (const certificatePem of [root.privateKeyPem, root.pem + root.privateKeyPem, `${root.pem.slice(0, 200)}!`])
      await ask("POST", `/ca-sets/${id}/versions`, { body: { certificates: [{ certificatePem }] } });
    await ask("POST", `/ca-sets/${id}/versions/1/verify`, { body: { clientChainPem: root.pem } });
    const jsonType = { "content-type": "application/json" };
    await ask("POST", "/session", { raw: `{"password":"${password}"`, headers: jsonType, token: null });
    const rejecting = await plane.enrol("rejecting", "PRODUCTION");
    await plane.connect(rejecting, rejects);
    await plane.ended(await plane.activate(id, 1, "PRODUCTION"));
    // A fault of ours shows its stack in the log.
    await controlPlane.context.store.db.schema.dropTable("events").execute();
    expect((await ask("POST", "/ca-sets", { body: { caSetName: "fails" }, token })).status).toBe(500);
    expect(lines().length).toBeGreaterThan(30);
    expect(plane.log).toContain("request failed");
    const nodeKeys = [plane.localNode("STAGING"), rejecting].map(({ privateKey }) => privateKey);
    const bodies = [root.pem, root.privateKeyPem, ...nodeKeys].map((pem) => pem.split("\n")[2] ?? "");
    const keys = [secrets.client_secret, authorization.split("signature=")[1] ?? ""];
    const hidden = [
      plane.admin,
      plane.viewer,
      token,
      firstToken,
      password,
      ...cookies,
      ...keys,
      ...bodies,
      "-----BEGIN",
    ];
    for (const secret of hidden) {
      expect(secret.length).toBeGreaterThan(7);
      expect(plane.log.includes(secret), secret).toBe(false);
      expect(plane.log.includes(encodeURIComponent(secret)), secret).toBe(false);
    }
  });
});

import { randomUUID } from "node:crypto";
import { apiBasePath, createdApiClient } from "@tcm/api-contract";
import { fixedClock } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "../audit/verify-audit.ts";
import { refusal } from "../testing/api-client.ts";
import { Browser } from "../testing/browser.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { edgegridHeader, readEdgerc } from "../testing/edgegrid-signer.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: identity of several control planes on PostgreSQL (${missing})`);

const publicUrl = "https://tcm.example:7300";
const password = "seven green kettles";

describe.skipIf(missing !== undefined)("control planes on one database are one", () => {
  let server: PostgresServer;
  let planes: readonly [ControlPlaneHarness, ControlPlaneHarness];
  beforeAll(async () => {
    server = await PostgresServer.start();
    const database = await server.createDatabase("identity");
    const operatorKey = Buffer.alloc(32, 7).toString("base64");
    const clock = fixedClock(new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString());
    const start = () =>
      ControlPlaneHarness.start({ database, operatorKey, clock, listen: { tls: "self-signed", publicUrl } });
    planes = [await start(), await start()];
  });
  afterAll(async () => {
    for (const plane of planes) await plane.remove();
    await server.remove();
  });

  async function newUser(name: string): Promise<void> {
    const body = { name, role: "admin", password };
    expect((await planes[0].ask("POST", "/users", { body })).status).toBe(201);
  }

  test("a signature that one has taken the other does not take, also not at the same time", async () => {
    const body = { name: "shared", role: "viewer" };
    const created = expectStatus(await planes[0].ask("POST", "/api-clients", { body }), 201, createdApiClient);
    const secrets = readEdgerc(created.edgerc);
    expect(secrets.host).toBe("tcm.example:7300");
    const path = `${apiBasePath}/session`;
    const signed = { method: "GET", path, now: planes[0].clock.now() };
    for (let round = 0; round < 5; round++) {
      const headers = { authorization: edgegridHeader(secrets, { ...signed, nonce: randomUUID() }) };
      const answers = await Promise.all(planes.map((plane) => plane.ask("GET", "/session", { token: null, headers })));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    }
  });

  test("a session of one is known to the other, and ended by either", async () => {
    await newUser("both@tcm.example");
    const browser = new Browser(planes[0].ask, publicUrl);
    expect((await browser.send("POST", "/session", { name: "both@tcm.example", password })).status).toBe(201);
    const other = new Browser(planes[1].ask, publicUrl);
    for (const [name, value] of browser.cookies) other.cookies.set(name, value);
    expect((await other.send("GET", "/session")).body).toMatchObject({ name: "both@tcm.example" });
    expect((await other.send("DELETE", "/session")).status).toBe(204);
    expect(refusal(await browser.send("GET", "/session"))).toEqual([401, "unauthorized"]);
  });

  test("refused sign-ins are counted together, also at the same time", async () => {
    await newUser("guessed@tcm.example");
    const body = { name: "guessed@tcm.example", password: "not the password" };
    const guess = (i: number) => planes[i % 2 === 0 ? 0 : 1].ask("POST", "/session", { token: null, body });
    const answers = await Promise.all(Array.from({ length: 14 }, (_, i) => guess(i)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter((answer) => refusal(answer)[1] === "sign-in-limit-reached")).toHaveLength(4);
  });

  test("the audit record is one chain, whoever writes", async () => {
    const tokens = Array.from({ length: 12 }, (_, i) => ({ name: `parallel ${i}`, role: "viewer" }));
    const made = await Promise.all(
      tokens.map((body, i) => planes[i % 2 === 0 ? 0 : 1].ask("POST", "/tokens", { body })),
    );
    expect(made.map(({ status }) => status)).toEqual(tokens.map(() => 201));
    const { faults, head } = await verifyAudit(planes[1].controlPlane.context.store.db, { verify: () => true });
    expect(faults).toEqual([]);
    expect(head?.number).toBeGreaterThanOrEqual(12);
  });
});

import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken } from "../operations/api-token.ts";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

let harness: ControlPlaneHarness;
beforeAll(async () => (harness = await ControlPlaneHarness.start()));
afterAll(() => harness.remove());

const everyRoute = [
  ["GET", "/ca-sets", "viewer"],
  ["POST", "/ca-sets", "admin"],
  ["GET", "/ca-sets/1", "viewer"],
  ["PATCH", "/ca-sets/1", "admin"],
  ["GET", "/ca-sets/1/activations", "viewer"],
  ["GET", "/ca-sets/1/versions", "viewer"],
  ["POST", "/ca-sets/1/versions", "admin"],
  ["GET", "/ca-sets/1/versions/1", "viewer"],
  ["PUT", "/ca-sets/1/versions/1", "admin"],
  ["POST", "/ca-sets/1/versions/1/clone", "admin"],
  ["GET", "/ca-sets/1/versions/1/trust-chains", "viewer"],
  ["GET", "/ca-sets/1/versions/1/bundle.pem", "viewer"],
  ["POST", "/ca-sets/1/versions/1/activate", "admin"],
  ["POST", "/ca-sets/1/versions/1/deactivate", "admin"],
  ["GET", "/ca-sets/1/versions/1/activations", "viewer"],
  ["GET", "/ca-sets/1/versions/1/activations/1", "viewer"],
  ["GET", "/ca-sets/1/versions/1/activations/1/nodes", "viewer"],
  ["POST", "/ca-sets/1/versions/1/activations/1/cancel", "admin"],
  ["POST", "/ca-sets/1/versions/1/activations/1/nodes/exclude", "admin"],
  ["POST", "/certificates/validate", "viewer"],
  ["GET", "/edge-certificates", "viewer"],
  ["POST", "/edge-certificates", "admin"],
  ["GET", "/edge-certificates/1", "viewer"],
  ["DELETE", "/edge-certificates/1", "admin"],
  ["GET", "/edge-nodes", "viewer"],
  ["GET", "/edge-nodes/staging-edge", "viewer"],
] as const;

describe("who may do what", () => {
  test.each(everyRoute)("%s %s refuses a caller without a token, and says how to sign in", async (method, path) => {
    const answer = await harness.ask(method, path, { token: null });
    expect(refusal(answer)).toEqual([401, "unauthorized"]);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  test.each(everyRoute)("%s %s is open to %s and above", async (method, path, role) => {
    const answer = await harness.ask(method, path, { token: harness.viewer });
    if (role === "admin") expect(refusal(answer)).toEqual([403, "forbidden"]);
    else expect([401, 403]).not.toContain(answer.status);
  });

  test.each([
    ["a token that was never made", "Bearer tcm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["another scheme", "Basic YWRtaW46YWRtaW4="],
    ["characters that no token has", "Bearer tcm_' OR 1=1"],
    ["an endless token", `Bearer ${"a".repeat(5_000)}`],
    ["nothing after the scheme", "Bearer "],
  ])("refuses %s", async (_what, authorization) => {
    const answer = await harness.ask("GET", "/ca-sets", { token: null, headers: { authorization } });
    expect(refusal(answer)).toEqual([401, "unauthorized"]);
    expect(problemOf(answer).detail).toContain("not known here, was revoked or has expired");
  });

  test("refuses a revoked token at once", async () => {
    const { db } = harness.controlPlane.context.store;
    const token = await createToken(db, harness.clock.now, "admin", "test");
    expect((await harness.ask("GET", "/ca-sets", { token })).status).toBe(200);
    await db
      .updateTable("api_tokens")
      .set({ revoked_at: "2026-06-01" })
      .where("prefix", "=", token.slice(0, 8))
      .execute();
    expect(refusal(await harness.ask("GET", "/ca-sets", { token }))).toEqual([401, "unauthorized"]);
  });

  test("the scheme's name is read in any case", async () => {
    const headers = { authorization: `bEARER ${harness.viewer}` };
    expect((await harness.ask("GET", "/ca-sets", { token: null, headers })).status).toBe(200);
  });

  test("tokens are neither in the database nor in the log", async () => {
    await harness.ask("GET", "/ca-sets");
    for (const token of [harness.admin, harness.viewer]) expect(harness.everythingWritten).not.toContain(token);
  });
});

describe("pages of other sites do not reach the API", () => {
  test.each([
    "evil.example",
    "evil.example:7300",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0.0.0.0",
  ])("refuses the host %j", async (host) => {
    for (const path of ["/ca-sets", "//healthz", "//nowhere"])
      expect(refusal(await harness.ask("GET", path, { headers: { host } }))).toEqual([421, "misdirected-request"]);
  });

  test("refuses two Host fields, whichever is ours", async () => {
    const socket = connect(Number(new URL(harness.controlPlane.url).port), "127.0.0.1");
    socket.end("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
  });

  /** Written as it is, which no client library does. */
  async function raw(...lines: readonly string[]): Promise<string> {
    const socket = connect(Number(new URL(harness.controlPlane.url).port), "127.0.0.1");
    socket.end(`${lines.join("\r\n")}\r\n\r\n`);
    return text(socket);
  }
  const authorization = (): string => `Authorization: Bearer ${harness.viewer}`;
  const sets = "/mtls-edge-truststore/v2/ca-sets";

  test.each([
    ["http://evil.example", "127.0.0.1"],
    ["http://evil.example", "evil.example"],
    ["http://127.0.0.1", "evil.example"],
    ["http://localhost", "127.0.0.1"],
    ["https://evil.example:7300", "localhost:7300"],
    ["file://", "localhost"],
  ])("refuses a whole URL of %s as the target beside the host %s", async (origin, host) => {
    const lines = [`GET ${origin}${sets} HTTP/1.1`, `Host: ${host}`, authorization(), "Connection: close"];
    expect(await raw(...lines)).toMatch(/^HTTP\/1\.1 (421|400) /);
  });

  test("a whole URL of its own is its target all the same (RFC 9112 section 3.2.2)", async () => {
    const lines = [`GET http://LocalHost:7300${sets} HTTP/1.1`, "Host: localhost:7300", authorization()];
    expect(await raw(...lines, "Connection: close")).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("asks nobody for a body who is not answered, and ends the connection that would wait with it", async () => {
    const post = [
      `POST ${sets} HTTP/1.1`,
      "Content-Type: application/json",
      "Content-Length: 40",
      "Expect: 100-continue",
    ];
    const admin = `Authorization: Bearer ${harness.admin}`;
    for (const [status, ...more] of [
      ["421", "Host: evil.example", admin],
      ["401", "Host: localhost"],
      ["403", "Host: localhost", `Authorization: Bearer ${harness.viewer}`],
    ] as const) {
      const answer = await raw(...post, ...more);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).not.toContain("100 Continue");
      expect(answer.toLowerCase()).toContain("connection: close");
    }
  });

  test("asks for the body of who may send it, and answers it", async () => {
    const body = JSON.stringify({ caSetName: harness.newName() });
    const { port } = new URL(harness.controlPlane.url);
    const asked = httpRequest({
      port,
      method: "POST",
      path: sets,
      headers: {
        authorization: `Bearer ${harness.admin}`,
        "content-type": "application/json",
        "content-length": body.length,
        expect: "100-continue",
      },
    });
    const answered = once(asked, "response") as Promise<[IncomingMessage]>;
    asked.flushHeaders();
    await once(asked, "continue");
    asked.end(body);
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(201);
  });

  test.each(["localhost", "LOCALHOST:7300", "127.0.0.1:1", "[::1]:7300"])("answers under %s", async (host) => {
    expect((await harness.ask("GET", "/ca-sets", { headers: { host } })).status).toBe(200);
  });

  test.each([
    "http://evil.example",
    "null",
    "http://127.0.0.1:1",
    "https://evil.example",
    "file://",
  ])("refuses the origin %s, also for reads and without a token", async (origin) => {
    for (const [method, path] of [
      ["GET", "/ca-sets"],
      ["POST", "/ca-sets"],
      ["GET", "//healthz"],
    ] as const)
      expect(refusal(await harness.ask(method, path, { token: null, headers: { origin } }))).toEqual([
        403,
        "forbidden",
      ]);
  });

  test("answers a page of its own", async () => {
    const origin = harness.controlPlane.url;
    expect((await harness.ask("GET", "/ca-sets", { headers: { origin } })).status).toBe(200);
  });

  test("no answer allows another origin to read it, and none is sniffed or framed", async () => {
    const { headers } = await harness.ask("GET", "/ca-sets");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
    expect(headers["content-security-policy"]).toBe("default-src 'none';frame-ancestors 'none'");
  });
});

describe("accountSwitchKey", () => {
  test("may name the one account", async () => {
    expect((await harness.ask("GET", "/ca-sets?accountSwitchKey=A-TCM")).status).toBe(200);
  });

  test.each(["A-OTHER", "", "A-TCM&accountSwitchKey=A-OTHER"])("refuses %j", async (key) => {
    expect(refusal(await harness.ask("GET", `/ca-sets?accountSwitchKey=${key}`))).toEqual([403, "forbidden"]);
  });
});

describe("methods and paths", () => {
  test.each([
    ["DELETE", "/ca-sets", "GET, HEAD, POST"],
    ["PUT", "/ca-sets/1/versions", "GET, HEAD, POST"],
    ["GET", "/ca-sets/1/versions/1/activate", "POST"],
    ["PUT", "/edge-certificates/1", "DELETE, GET, HEAD, PATCH"],
    ["POST", "/ca-sets/1/versions/1/bundle.pem", "GET, HEAD"],
  ])("%s %s is refused and told what is allowed", async (method, path, allow) => {
    const answer = await harness.ask(method, path);
    expect(refusal(answer)).toEqual([405, "method-not-allowed"]);
    expect(answer.headers.allow).toBe(allow);
    expect(problemOf(answer).contextInfo).toEqual({ allowedMethods: allow.split(", ") });
  });

  test.each([
    "/nothing",
    "/ca-sets/1/nothing",
    "//",
    "//mtls-edge-truststore/v1/ca-sets",
    "/ca-sets/1/versions/1/bundleXpem",
  ])("%s is not found", async (path) =>
    expect(refusal(await harness.ask("GET", path))).toEqual([404, "resource-not-found"]));

  test.each(["/ca-sets/", "/edge-nodes/"])("a trailing slash is no other address: %s", async (path) => {
    expect((await harness.ask("GET", path)).status).toBe(200);
  });

  test.each([
    "/ca-sets/%zz",
    "/ca-sets/%c0%af",
    `/edge-nodes/${"n".repeat(300)}`,
  ])("a path that cannot be read is a problem like any other: %s", async (path) => {
    const answer = await harness.ask("GET", path);
    expect(refusal(answer)).toEqual([400, "path-variable-query-param-type-mismatch"]);
    expect(problemOf(answer).contextInfo).toEqual({ parameterName: "path" });
  });

  test("HEAD answers as GET does, without a body", async () => {
    const answer = await harness.ask("HEAD", "/ca-sets");
    expect([answer.status, answer.text]).toEqual([200, ""]);
  });
});

describe("what is no request is answered with a problem too", () => {
  test.each([
    ["FOO /ca-sets HTTP/1.1\r\n\r\n", 400],
    ["GET /ca-sets HTTP/1.1\r\nHost\r\n\r\n", 400],
    [`GET /ca-sets HTTP/1.1\r\nCookie: ${"c".repeat(20_000)}\r\n\r\n`, 431],
  ])("%.20j…", async (sent, status) => {
    const { hostname, port } = new URL(harness.controlPlane.url);
    const socket = connect(Number(port), hostname, () => socket.write(sent));
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain("content-type: application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ type: "about:blank", status });
  });
});

describe("media types", () => {
  test.each([
    undefined,
    "*/*",
    "application/json",
    "application/*;q=0.5",
    "text/html, */*;q=0.1",
    "APPLICATION/JSON",
  ])("answers who accepts %s", async (accept) =>
    expect((await harness.ask("GET", "/ca-sets", { headers: { accept } })).status).toBe(200));

  test.each([
    "text/html",
    "application/xml",
    "application/prs.akamai.trust-chain-manager-api.set.v1+json",
  ])("refuses to answer who accepts only %s", async (accept) => {
    const answer = await harness.ask("GET", "/ca-sets", { headers: { accept } });
    expect(refusal(answer)).toEqual([406, "media-type-not-acceptable"]);
    expect(problemOf(answer).contextInfo).toEqual({ allowedMediaTypes: ["application/json"] });
  });

  test.each([
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ])("refuses a body of %s", async (type) => {
    const raw = '{"caSetName":"never"}';
    const answer = await harness.ask("POST", "/ca-sets", { raw, headers: { "content-type": type } });
    expect(refusal(answer)).toEqual([415, "media-type-not-supported"]);
    expect(problemOf(answer).contextInfo).toEqual({
      allowedMediaTypes: ["application/json"],
      unsupportedMediaType: type,
    });
  });

  test("refuses a body of no declared type", async () => {
    const answer = await harness.ask("POST", "/ca-sets", { raw: "{}" });
    expect(refusal(answer)).toEqual([415, "media-type-not-supported"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ unsupportedMediaType: null });
  });

  test("takes JSON with a charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    const raw = JSON.stringify({ caSetName: "with-charset" });
    expect((await harness.ask("POST", "/ca-sets", { raw, headers })).status).toBe(201);
  });
});

describe("who is not known makes the server decode next to nothing", () => {
  const large = `{"name":${"[".repeat(20_000)}`;
  const headers = { "content-type": "application/json" };

  test.each(["/session", "/session/redeem"])("POST %s refuses a body larger than any of its own", async (path) => {
    const answer = await harness.ask("POST", path, { token: null, raw: large, headers });
    expect(refusal(answer)).toEqual([413, "payload-too-large"]);
    expect(problemOf(answer).detail).toContain("larger than 16384 bytes");
  });

  test.each([
    ["POST", "//nowhere", 404],
    ["PUT", "/session", 405],
  ] as const)("%s %s is answered before its body is read", async (method, path, status) => {
    const answer = await harness.ask(method, path, { token: null, raw: large, headers });
    expect(answer.status).toBe(status);
  });

  test("and the log holds no query, where a provider puts its code", async () => {
    await harness.ask("GET", "/session/oidc/callback?code=a-provider-code&state=x", { token: null });
    expect(harness.everythingWritten).toContain("/session/oidc/callback");
    expect(harness.everythingWritten).not.toContain("a-provider-code");
  });
});

describe("health", () => {
  test("is open to all and says nothing else", async () => {
    const live = await harness.ask("GET", "//healthz", { token: null });
    expect([live.status, live.body]).toEqual([200, { status: "up" }]);
    const readiness = () => harness.ask("GET", "//readyz", { token: null });
    await expect.poll(async () => (await readiness()).status).toBe(200);
    const { body } = await readiness();
    const checks = Object.fromEntries(Object.keys((body as { checks: object }).checks).map((name) => [name, "ok"]));
    expect(body).toEqual({ status: "ready", reasons: [], checks });
  });
});

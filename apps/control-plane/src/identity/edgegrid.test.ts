import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { apiBasePath, type CreatedApiClient, createdApiClient } from "@tcm/api-contract";
import { fixedClock, testPki } from "@tcm/testkit";
import EdgeGrid from "akamai-edgegrid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { type EdgegridSecrets, edgegridHeader, readEdgerc } from "../testing/edgegrid-signer.ts";

/** The client's side of TLS knows no other time than the machine's. */
const startedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000);
const start = () =>
  ControlPlaneHarness.start({ clock: fixedClock(startedAt.toISOString()), listen: { tls: "self-signed" } });

let plane: ControlPlaneHarness;
let client: CreatedApiClient;
let secrets: EdgegridSecrets;
beforeAll(async () => {
  plane = await start();
  client = await newClient({ name: "Terraform", role: "admin", profile: "mets" });
  secrets = readEdgerc(client.edgerc);
});
afterAll(() => plane.remove());

async function newClient(body: object): Promise<CreatedApiClient> {
  return expectStatus(await plane.ask("POST", "/api-clients", { body }), 201, createdApiClient);
}

const signedPath = `${apiBasePath}/ca-sets`;

type Changes = {
  readonly now?: number;
  readonly nonce?: string;
  readonly method?: string;
  readonly path?: string;
  readonly signedBody?: string;
  readonly sentBody?: string;
  readonly secrets?: Partial<EdgegridSecrets>;
  readonly edit?: (header: string) => string;
};

/** One request, signed as it says and sent as it says. */
function send(method: string, path: string, changes: Changes = {}): Promise<Answer> {
  const { sentBody, signedBody = sentBody, edit = (header: string) => header } = changes;
  const header = edgegridHeader(
    { ...secrets, ...changes.secrets },
    {
      method: changes.method ?? method,
      path: changes.path ?? path,
      now: changes.now ?? plane.clock.now(),
      ...(signedBody !== undefined && { body: signedBody }),
      ...(changes.nonce !== undefined && { nonce: changes.nonce }),
    },
  );
  const headers = {
    authorization: edit(header),
    ...(sentBody !== undefined && { "content-type": "application/json" }),
  };
  const raw = sentBody === undefined ? {} : { raw: sentBody };
  return plane.ask(method, `/${path}`, { token: null, headers, ...raw });
}

const unauthorized = [401, "unauthorized"];

describe("requests signed with EdgeGrid", () => {
  test("are taken over TLS, and the client is who did it", async () => {
    const answer = await send("GET", `${apiBasePath}/session`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: `client-${client.apiClientId}`, role: "admin", kind: "api-client" });
  });

  test("a POST is covered with its body, a PUT and a DELETE without", async () => {
    const sentBody = JSON.stringify({ caSetName: "signed" });
    const created = await send("POST", signedPath, { sentBody });
    expect(created.status).toBe(201);
    const { caSetId, createdBy } = created.body as { readonly caSetId: string; readonly createdBy: string };
    expect(createdBy).toBe(`client-${client.apiClientId}`);
    expect((await send("DELETE", `${signedPath}/${caSetId}`)).status).toBe(202);
  });

  test("a POST without a body is signed without one", async () => {
    const answer = await send("POST", `${signedPath}/999/versions/1/clone`);
    expect(refusal(answer)).toEqual([404, "ca-set-not-found"]);
  });

  test("query and escapes are signed as they stand on the request line", async () => {
    const path = `${signedPath}?activatedOn=STAGING%2BPRODUCTION&caSetNamePrefix=a%25b`;
    expect((await send("GET", path)).status).toBe(200);
  });

  test("a signature is taken once", async () => {
    const nonce = randomUUID();
    const now = plane.clock.now();
    expect((await send("GET", signedPath, { nonce, now })).status).toBe(200);
    const again = await send("GET", signedPath, { nonce, now });
    expect(refusal(again)).toEqual(unauthorized);
    expect(problemOf(again).detail).toContain("nonce");
  });

  test("of many copies at the same time one is taken", async () => {
    const nonce = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send("GET", signedPath, { nonce })));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
  });

  test("a replay is refused as long as its timestamp would be accepted, also at the last moment", async () => {
    const nonce = randomUUID();
    const now = plane.clock.now();
    expect((await send("GET", signedPath, { nonce, now })).status).toBe(200);
    plane.clock.advance(300_000);
    expect((await send("GET", signedPath, { now })).status).toBe(200);
    expect(refusal(await send("GET", signedPath, { nonce, now }))).toEqual(unauthorized);
    plane.clock.advance(1_000);
    expect(refusal(await send("GET", signedPath, { now }))).toEqual(unauthorized);
  });

  test.each([
    -301,
    301,
    -86_400,
    10 * 365 * 86_400,
  ])("a clock that is %d s off is refused, and told the time", async (seconds) => {
    const answer = await send("GET", signedPath, { now: plane.clock.now() + seconds * 1_000 });
    expect(refusal(answer)).toEqual(unauthorized);
    expect(problemOf(answer).detail).toContain("timestamp");
  });

  test.each<[string, string, Changes]>([
    ["another secret", "GET", { secrets: { client_secret: "bm90IHRoZSBzZWNyZXQ=" } }],
    ["another access token", "GET", { secrets: { access_token: "akab-0000000000000000-0000000000000000" } }],
    ["an unknown client token", "GET", { secrets: { client_token: "akab-0000000000000000-0000000000000000" } }],
    ["another host", "GET", { secrets: { host: "akab-other.luna.akamaiapis.net" } }],
    ["another method", "GET", { method: "DELETE" }],
    ["another path", "GET", { path: `${apiBasePath}/edge-nodes` }],
    ["a query that was added", "GET", { path: `${signedPath}?x=1` }],
    ["another body", "POST", { signedBody: '{"caSetName":"one"}', sentBody: '{"caSetName":"two"}' }],
    ["a body that was not signed", "POST", { signedBody: "", sentBody: '{"caSetName":"two"}' }],
    ["a body that is gone", "POST", { signedBody: '{"caSetName":"one"}' }],
    [
      "a signature that was changed",
      "GET",
      { edit: (header) => header.replace(/.(?=.{5}$)/, (c) => (c === "A" ? "B" : "A")) },
    ],
    ["a nonce that was changed", "GET", { edit: (header) => header.replace(/nonce=./, "nonce=z") }],
    ["no signature", "GET", { edit: (header) => header.replace(/signature=.*/, "") }],
    ["an empty signature", "GET", { edit: (header) => header.replace(/signature=.*/, "signature=") }],
    ["a short signature", "GET", { edit: (header) => header.replace(/signature=.*/, "signature=AAAA") }],
    ["no nonce", "GET", { edit: (header) => header.replace(/nonce=[^;]*;/, "") }],
    ["a member twice", "GET", { edit: (header) => header.replace("nonce=", "nonce=x;nonce=") }],
    [
      "a timestamp that is none",
      "GET",
      { edit: (header) => header.replace(/timestamp=[^;]*/, "timestamp=20261399T99:99:99+0000") },
    ],
    ["another algorithm", "GET", { edit: (header) => header.replace("EG1-HMAC-SHA256", "EG1-HMAC-SHA1") }],
    [
      "an endless member",
      "GET",
      { edit: (header) => header.replace("client_token=", `client_token=${"a".repeat(4_000)}`) },
    ],
  ])("refuses %s", async (_what, method, changes) => {
    const answer = await send(method, signedPath, changes);
    expect(refusal(answer)).toEqual(unauthorized);
  });

  test("a body larger than any is refused before it is read", async () => {
    const length = 9 * 1024 * 1024;
    const header = edgegridHeader(secrets, { method: "POST", path: signedPath, body: "x", now: plane.clock.now() });
    const headers = { authorization: header, "content-type": "application/json", "content-length": String(length) };
    const answer = await plane.ask("POST", `/${signedPath}`, { token: null, headers, raw: "" });
    expect(refusal(answer)).toEqual([413, "payload-too-large"]);
  });

  test("another account is refused by name", async () => {
    const answer = await send("GET", `${signedPath}?accountSwitchKey=B-OTHER`);
    expect(refusal(answer)).toEqual([403, "forbidden"]);
  });

  test("the role of the client is the limit of what it may do", async () => {
    const viewer = readEdgerc((await newClient({ name: "reads", role: "viewer" })).edgerc);
    const sentBody = '{"caSetName":"never"}';
    expect(refusal(await send("POST", signedPath, { secrets: viewer, sentBody }))).toEqual([403, "forbidden"]);
    expect((await send("GET", signedPath, { secrets: viewer })).status).toBe(200);
  });

  test("a revoked client is refused at once", async () => {
    const gone = await newClient({ name: "gone", role: "viewer" });
    expect((await send("GET", signedPath, { secrets: readEdgerc(gone.edgerc) })).status).toBe(200);
    expect((await plane.ask("DELETE", `/api-clients/${gone.apiClientId}`)).status).toBe(204);
    expect(refusal(await send("GET", signedPath, { secrets: readEdgerc(gone.edgerc) }))).toEqual(unauthorized);
    expect(refusal(await plane.ask("DELETE", `/api-clients/${gone.apiClientId}`))).toEqual([
      404,
      "api-client-not-found",
    ]);
  });

  test("the secret is nowhere in the data directory or the log", () => {
    expect(plane.everythingWritten).not.toContain(secrets.client_secret);
    expect(plane.everythingWritten).toContain(secrets.client_token);
  });
});

describe("the profile of a client says what omitted options mean", () => {
  const intermediate = testPki({ now: startedAt }).root("Far Root").intermediate("Lone Intermediate");
  const body = JSON.stringify({ certificates: [{ certificatePem: intermediate.pem }] });
  const path = `${apiBasePath}/certificates/validate`;

  test("mets: no root is asked for, and same names are allowed", async () => {
    const answer = await send("POST", path, { sentBody: body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ requireRootCertificate: false, allowDuplicateCommonNames: true });
    const created = await send("POST", signedPath, { sentBody: '{"caSetName":"by-mets"}' });
    const { caSetId } = created.body as { readonly caSetId: string };
    const version = await send("POST", `${signedPath}/${caSetId}/versions`, { sentBody: body });
    expect(version.status).toBe(201);
    expect(version.body).toMatchObject({ requireRootCertificate: false, allowDuplicateCommonNames: true });
  });

  test("console: as for people and tokens", async () => {
    const console = readEdgerc((await newClient({ name: "ours", role: "editor", profile: "console" })).edgerc);
    const answer = await send("POST", path, { secrets: console, sentBody: body });
    expect(refusal(answer)).toEqual([400, "certificate-validation-failure"]);
  });
});

describe("without TLS", () => {
  test("signed requests are refused, with the reason", async () => {
    const plain = await ControlPlaneHarness.start();
    try {
      const authorization = edgegridHeader(secrets, { method: "GET", path: signedPath, now: plain.clock.now() });
      const answer = await plain.ask("GET", "/ca-sets", { token: null, headers: { authorization } });
      expect(refusal(answer)).toEqual([403, "tls-required"]);
    } finally {
      await plain.remove();
    }
  });
});

/** Reads the section that was issued from a file, signs, and sends, all by itself. */
describe("the official client for Node", () => {
  let real: ControlPlaneHarness;
  let edgerc: string;
  beforeAll(async () => {
    real = await start();
    const body = { name: "official", role: "admin", profile: "mets" };
    const created = expectStatus(await real.ask("POST", "/api-clients", { body }), 201, createdApiClient);
    edgerc = join(real.directory, "edgerc");
    writeFileSync(edgerc, created.edgerc);
  });
  afterAll(() => real.remove());

  function official(request: {
    path: string;
    method: string;
    body?: string | object;
  }): Promise<{ status: number; data: unknown }> {
    const signer = new EdgeGrid({ path: edgerc, section: "default" });
    const httpsAgent = new Agent({ ca: real.ca });
    return new Promise((resolve, reject) => {
      const options = { ...request, httpsAgent } as Parameters<typeof signer.auth>[0];
      signer
        .auth(options)
        .send((error: { response?: { status: number; data: unknown } } | null, response?: unknown) => {
          const answer = (response ?? error?.response) as { status: number; data: unknown } | undefined;
          if (answer === undefined) reject(new Error("no answer", { cause: error }));
          else resolve(answer);
        });
    });
  }

  test("reads, creates, and validates a body that is longer than what it signs", async () => {
    expect(await official({ path: signedPath, method: "GET" })).toMatchObject({ status: 200, data: { caSets: [] } });
    const created = await official({ path: signedPath, method: "POST", body: { caSetName: "official" } });
    expect(created).toMatchObject({ status: 201, data: { caSetName: "official" } });
    const certificatePem = testPki({ now: startedAt }).root("Official Root").pem;
    for (const filler of ["a", "é", "😀"]) {
      const certificates = Array.from({ length: 250 }, () => ({ certificatePem, description: filler.repeat(100) }));
      const answer = await official({
        path: `${apiBasePath}/certificates/validate`,
        method: "POST",
        body: { certificates },
      });
      expect([filler, answer.status]).toEqual([filler, 200]);
    }
  });

  test("deactivates and deletes: methods whose body is not signed", async () => {
    const created = await official({ path: signedPath, method: "POST", body: { caSetName: "short-lived" } });
    const { caSetId } = created.data as { readonly caSetId: string };
    expect((await official({ path: `${signedPath}/${caSetId}`, method: "DELETE" })).status).toBe(202);
    expect((await official({ path: `${signedPath}/${caSetId}/status/delete`, method: "GET" })).status).toBe(200);
  });
});

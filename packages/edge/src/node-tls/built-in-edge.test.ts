import { connect } from "node:tls";
import { keyPurpose } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { binding, type Client, caSet, dial, failureOf, openTestEdge, pki, send } from "./edge-under-test.ts";

const root = pki.root("Partner Root");
const issuing = root.intermediate("Partner Issuing 1");
const client = issuing.leaf("client-1");
const stranger = pki.root("Stranger Root").leaf("stranger");
const flat = root.intermediate("Flat", { basicConstraints: { cA: true, pathLenConstraint: 0 } });
const fenced = root.intermediate("Fenced", { nameConstraints: { permitted: [{ dns: "inside.example" }] } });
const odd = { oid: "1.3.6.1.4.1.99999.1", critical: true, value: Uint8Array.of(5, 0) };
const day = 86_400;

async function openShop(mode: "deny" | "observe" = "deny", anchors = [root]) {
  const edge = await openTestEdge();
  expect(await edge.deploy(caSet(anchors, 3))).toMatchObject({ ok: true });
  expect(await edge.deploy(binding(["shop.example", "*.api.example"], { mode }))).toMatchObject({ ok: true });
  return edge;
}

describe("a client of the set", () => {
  test("is accepted through the root, and told who it is and through which anchor", async () => {
    const answer = await send(await openShop(), { client });
    expect(answer.json).toEqual({
      network: "STAGING",
      hostname: "shop.example",
      caSet: "partners-1",
      caSetId: "1",
      version: 3,
      clientCertificate: {
        subject: "CN=client-1",
        issuer: "CN=Partner Issuing 1",
        serialNumber: expect.stringMatching(/^[0-9a-f]{32}$/),
        fingerprint: client.fingerprint,
        anchor: root.fingerprint,
      },
    });
    expect(answer.status).toBe(200);
  });

  test("is accepted through an intermediate that is the only anchor, in TLS 1.2 and 1.3", async () => {
    const edge = await openShop("deny", [issuing]);
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const answer = await send(edge, { client, maxVersion });
      expect(answer.json).toHaveProperty("clientCertificate.anchor", issuing.fingerprint);
    }
  });

  test("is accepted when its own certificate is the anchor", async () => {
    const pinned = pki.selfSignedLeaf("pinned");
    const answer = await send(await openShop("deny", [root, pinned as typeof root]), { client: pinned });
    expect(answer.json).toHaveProperty("clientCertificate.anchor", pinned.fingerprint);
  });

  test("is accepted without any extendedKeyUsage", async () => {
    const plain = issuing.leaf("plain", { extendedKeyUsage: undefined });
    expect(await send(await openShop(), { client: plain })).toMatchObject({ status: 200 });
  });

  test("is accepted through the cross certificate that it sends after one that leads nowhere", async () => {
    const nowhere = pki.root("Nowhere Root");
    const viaNowhere = nowhere.crossSign(issuing);
    const edge = await openShop();
    const chain = [client, viaNowhere, issuing].map(({ pem }) => pem).join("");
    expect(await send(edge, { client, cert: chain })).toMatchObject({ status: 200 });
  });

  test("is accepted at a name that only the wildcard covers", async () => {
    const answer = await send(await openShop(), { client, hostname: "eu.api.example" });
    expect(answer.json).toMatchObject({ hostname: "eu.api.example", version: 3 });
  });

  test("is accepted whatever the case of the server name and of Host", async () => {
    const edge = await openShop();
    const answer = await send(edge, { client, servername: "SHOP.example", headers: { Host: "Shop.Example:8443" } });
    expect(answer.status).toBe(200);
  });
});

const refused: readonly [code: string, who: string, client: Client][] = [
  ["client-certificate-missing", "without a certificate", undefined],
  ["issuer-not-found", "of a CA that is not in the set", stranger],
  [
    "issuer-not-found",
    "that leaves out its intermediate",
    { chainPem: client.pem, privateKeyPem: client.privateKeyPem },
  ],
  ["signature-invalid", "of a CA that only bears the name", root.forge().leaf("forged")],
  ["expired", "whose certificate has expired", issuing.leaf("old", { notAfter: pki.now - day })],
  ["not-yet-valid", "whose certificate is not valid yet", issuing.leaf("early", { notBefore: pki.now + day })],
  ["eku-not-permitted", "with a server certificate", issuing.server("server.example")],
  [
    "not-a-ca",
    "issued by a certificate that is no CA",
    root.intermediate("no CA", { basicConstraints: { cA: false } }).leaf("x"),
  ],
  ["path-length-exceeded", "below more CAs than the path length allows", flat.intermediate("too deep").leaf("x")],
  [
    "nc-not-permitted",
    "with a name its CA may not issue for",
    fenced.leaf("x", { subjectAltName: [{ dns: "outside.example" }] }),
  ],
  [
    "unknown-critical-extension",
    "with a critical extension nobody knows",
    issuing.leaf("odd", { extraExtensions: [odd] }),
  ],
  [
    "ca-eku-not-permitted",
    "of a CA for servers alone",
    root.intermediate("Servers", { extendedKeyUsage: [keyPurpose.serverAuth] }).leaf("x"),
  ],
  ["key-too-weak", "with an RSA key of 1,024 bits", issuing.leaf("weak", { keyType: "rsa1024" })],
  ["ec-explicit-curve", "with a curve spelled out", issuing.leaf("explicit", { keyType: "explicitP256" })],
];

describe("any other client", () => {
  test.each(refused)("gets 403 with %s: one %s", async (code, _who, other) => {
    const edge = await openShop();
    const answer = await send(edge, { client: other, ciphers: "DEFAULT:@SECLEVEL=0" });
    expect(answer).toMatchObject({ status: 403, json: { code, status: 403, type: `urn:tcm:problem:${code}` } });
    expect(answer.headers).toMatchObject({ "content-type": "application/problem+json", connection: "close" });
    expect(edge.logged).toMatchObject([
      { level: "warn", fields: { code, hostname: "shop.example", caSetId: "1", version: 3 } },
    ]);
  });

  test("is refused by the number of certificates it presents, before any signature is verified", async () => {
    const chain = client.pem + Array.from({ length: 12 }, (_, n) => root.intermediate(`filler ${n}`).pem).join("");
    const answer = await send(await openShop(), { client, cert: chain });
    expect(answer).toMatchObject({ status: 403, json: { code: "budget-presented" } });
  });

  test("is refused everywhere while the set is not active", async () => {
    const edge = await openTestEdge();
    await edge.deploy(binding(["shop.example"]));
    expect(await send(edge, { client })).toMatchObject({ status: 403, json: { code: "ca-set-not-active" } });
  });

  test("has its name escaped in the log, and cut", async () => {
    const edge = await openShop();
    await send(edge, { client: pki.root("evil\r\nlevel=info \u001b[31m\u202e").leaf("x".repeat(600)) });
    const [line] = edge.logged;
    expect(line?.fields["issuer"]).toBe("CN=evil\\x0d\\x0alevel=info \\x1b[31m\\u{202e}");
    expect(String(line?.fields["subject"]).length).toBeLessThan(600);
  });

  test("leaves neither PEM nor keys in the log", async () => {
    const edge = await openShop();
    await send(edge, { client: stranger });
    expect(JSON.stringify(edge.logged)).not.toMatch(/BEGIN|PRIVATE/);
  });
});

describe("a hostname that only observes", () => {
  test("lets a client without trust through, and says what it would have done", async () => {
    const edge = await openShop("observe");
    const answer = await send(edge, { client: stranger });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      clientCertificate: { subject: "CN=stranger", anchor: null },
      clientAuthentication: { mode: "observe", verdict: "refused", code: "issuer-not-found" },
    });
    expect(edge.logged).toMatchObject([{ fields: { code: "issuer-not-found" } }]);
  });

  test("tells of an accepted client, and of one without a certificate", async () => {
    const edge = await openShop("observe");
    expect((await send(edge, { client })).json).toHaveProperty("clientAuthentication", {
      mode: "observe",
      verdict: "accepted",
      code: null,
    });
    expect((await send(edge)).json).toMatchObject({
      clientCertificate: null,
      clientAuthentication: { code: "client-certificate-missing" },
    });
  });
});

describe("a handshake", () => {
  test.each([
    "TLSv1.2",
    "TLSv1.3",
  ] as const)("without a server name, or with an unknown one, fails with an alert in %s", async (maxVersion) => {
    const edge = await openShop();
    for (const servername of ["", "other.example", "api.example", "a.b.api.example", "ca-set-2.tcm.internal"]) {
      const failure = await failureOf({ ...dial(edge, servername, client), maxVersion });
      expect(failure).toBe("ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE");
    }
  });

  test("below TLS 1.2 fails", async () => {
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;
    const failure = await failureOf({ ...dial(await openShop(), "shop.example", client), ...old });
    expect(failure).toMatch(/PROTOCOL_VERSION/);
  });

  test("without forward secrecy fails", async () => {
    const kx = { maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256" } as const;
    const failure = await failureOf({ ...dial(await openShop(), "shop.example", client), ...kx });
    expect(failure).toMatch(/HANDSHAKE_FAILURE/);
  });

  test("for HTTP/2 alone fails, and HTTP/1.1 is chosen where both are offered", async () => {
    const edge = await openShop();
    expect(await failureOf({ ...dial(edge, "shop.example", client), ALPNProtocols: ["h2"] })).toMatch(
      /NO_APPLICATION_PROTOCOL/,
    );
    const both = connect({ ...dial(edge, "shop.example", client), ALPNProtocols: ["h2", "http/1.1"] });
    const chosen = await new Promise((resolve) => both.once("secureConnect", () => resolve(both.alpnProtocol)));
    both.destroy();
    expect(chosen).toBe("http/1.1");
  });

  test("is counted by set, version, anchor, outcome and reason", async () => {
    const edge = await openShop();
    await send(edge, { client });
    await send(edge, { client });
    await send(edge, { client: stranger });
    await failureOf(dial(edge, "other.example", client));
    const set = { caSetId: "1", version: 3 };
    expect(edge.edge.counters()).toEqual([
      { ...set, anchor: root.fingerprint, outcome: "accepted", reason: "", count: 2 },
      { ...set, anchor: "", outcome: "refused", reason: "issuer-not-found", count: 1 },
      {
        caSetId: "",
        version: 0,
        anchor: "",
        outcome: "failed",
        reason: expect.stringMatching(/^ERR_SSL_NO_/),
        count: 1,
      },
    ]);
  });
});

describe("the authority of a request", () => {
  test.each([
    ["another hostname of the edge", { headers: { Host: "eu.api.example" } }],
    ["an absolute target for another hostname", { path: "https://eu.api.example/" }],
    [
      "an absolute target and a Host that differ",
      { path: "https://shop.example/", headers: { Host: "eu.api.example" } },
    ],
    ["a target with user information", { path: "https://shop.example@eu.api.example/" }],
  ])("is misdirected when it names %s", async (_what, sent) => {
    const answer = await send(await openShop(), { client, ...sent });
    expect(answer).toMatchObject({ status: 421, json: { code: "misdirected-request" } });
  });

  test("may be in absolute form", async () => {
    expect(await send(await openShop(), { client, path: "https://shop.example:443/a" })).toMatchObject({ status: 200 });
  });

  test("must be one and valid", async () => {
    const edge = await openShop();
    expect(await send(edge, { client, headers: { Host: "shop.example, x" } })).toMatchObject({ status: 400 });
    expect(await send(edge, { client, headers: { Host: ["shop.example", "x"] as unknown as string } })).toMatchObject({
      status: 400,
    });
  });
});

describe("the trial hostname of an active set", () => {
  test("answers without any edge certificate, and goes with the set", async () => {
    const edge = await openTestEdge();
    const hostname = "ca-set-1.tcm.internal";
    const set = caSet([issuing]);
    await edge.deploy(set);
    expect(await send(edge, { client, hostname })).toMatchObject({
      status: 200,
      json: { hostname, caSet: "partners-1" },
    });
    expect(await send(edge, { client: stranger, hostname })).toMatchObject({ status: 403 });
    await edge.withdraw(set);
    expect(await failureOf(dial(edge, hostname, client))).toMatch(/HANDSHAKE_FAILURE/);
  });

  test("never proxies", async () => {
    const hostname = "ca-set-1.tcm.internal";
    const edge = await openTestEdge({
      upstreams: new Map([
        [hostname, new URL("http://127.0.0.1:1")],
        ["*.tcm.internal", new URL("http://127.0.0.1:1")],
      ]),
    });
    await edge.deploy(caSet([root]));
    expect(await send(edge, { client, hostname })).toMatchObject({ status: 200, json: { hostname } });
  });
});

describe("a set that cannot be served", () => {
  const cases: readonly [string, ReturnType<typeof caSet>][] = [
    ["an empty set", caSet([], 4)],
    ["a set with a corrupt anchor", corrupt(caSet([root, issuing], 4))],
    [
      "a set whose anchors are not those it names",
      { ...caSet([root], 4), anchors: [issuing.certificate] } as ReturnType<typeof caSet>,
    ],
  ];

  test.each(cases)("is refused and the old one stays: %s", async (_what, bad) => {
    const edge = await openShop();
    expect(await edge.deploy(bad)).toMatchObject({ ok: false, code: "engine-refused" });
    expect(await send(edge, { client })).toMatchObject({ status: 200, json: { version: 3 } });
    expect(await send(edge, { client: stranger })).toMatchObject({ status: 403 });
  });

  test("is refused when its hostname has no server certificate", async () => {
    const edge = await openTestEdge({ serverCertificates: { certificateFor: () => undefined } });
    expect(await edge.deploy(caSet([root]))).toMatchObject({
      ok: false,
      code: "engine-refused",
      detail: /no server certificate/,
    });
  });
});

function corrupt(content: ReturnType<typeof caSet>): ReturnType<typeof caSet> {
  if (content.kind !== "ca-set") throw new TypeError("not a CA set");
  const anchors = content.anchors.map((anchor) => ({ ...anchor, der: anchor.der.slice(0, -1) }));
  return { ...content, anchors };
}

test("an upstream that is more than an origin is refused when the edge opens", async () => {
  const upstreams = new Map([["shop.example", new URL("http://user:secret@127.0.0.1/path")]]);
  await expect(openTestEdge({ upstreams })).rejects.toThrow("the upstream of shop.example is a URL with credentials");
});

test("a port in use is an error when the edge opens", async () => {
  const { port } = await openTestEdge();
  await expect(openTestEdge({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

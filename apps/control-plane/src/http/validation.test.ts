import { activationList, validateResponse, versionList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, certificateList, expectStatus } from "../testing/control-plane-harness.ts";

let harness: ControlPlaneHarness;
beforeAll(async () => (harness = await ControlPlaneHarness.start()));
afterAll(() => harness.remove());

const pki = testPki();
const root = pki.root("Partner Root");
const issuing = root.intermediate("Issuing 1");
const day = 86_400;

type Pem = { readonly pem: string };
const pem = (text: string): Pem => ({ pem: text });
const slugs = (items: readonly { readonly type: string }[] | undefined): readonly string[] =>
  (items ?? []).map(({ type }) => type.replace("/mtls-edge-truststore/error-types/", ""));

const validate = (members: readonly Pem[], changes: object = {}): Promise<Answer> =>
  harness.ask("POST", "/certificates/validate", { body: { certificates: certificateList(members), ...changes } });

type Refused = {
  readonly what: string;
  readonly code: string;
  readonly members: readonly Pem[];
  /** Zero-based positions of the certificates to blame. */
  readonly at?: readonly number[];
  readonly changes?: object;
};

const weak = (keyType: "rsa1024" | "p192" | "explicitP256" | "rsaExponent3") =>
  pki.root(`Weak ${keyType}`, { keyType, signatureScheme: undefined });
const truncated = pem(
  root.pem
    .replace(/\n[A-Za-z0-9+/=]+\n-----END/, "\n-----END")
    .replace(/\n([A-Za-z0-9+/]{64})\n-----END/, "\n$1\n-----END"),
);

/** Section 4 of the specification: every error of an upload. */
const refused: readonly Refused[] = [
  { what: "text without a block", code: "malformed-certificate", members: [pem("hello")] },
  { what: "an empty text", code: "malformed-certificate", members: [pem("")] },
  { what: "truncated DER", code: "malformed-certificate", members: [truncated] },
  { what: "bad base64", code: "malformed-certificate", members: [pem(root.pem.replace(/\n./, "\n*"))] },
  { what: "a missing footer", code: "malformed-certificate", members: [pem(root.pem.split("-----END")[0] ?? "")] },
  { what: "an HTML page", code: "malformed-certificate", members: [pem("<html>404</html>")] },
  { what: "a text beyond any certificate", code: "malformed-certificate", members: [pem(" ".repeat(1_000_000))] },
  { what: "a private key", code: "unexpected-pem-block", members: [pem(root.privateKeyPem)] },
  {
    what: "a private key after the certificate",
    code: "unexpected-pem-block",
    members: [pem(root.pem + root.privateKeyPem)],
  },
  {
    what: "a certificate request",
    code: "unexpected-pem-block",
    members: [pem("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")],
  },
  { what: "two certificates in one field", code: "several-certificates", members: [pem(root.pem + issuing.pem)] },
  { what: "a leaf", code: "not-a-ca-certificate", members: [root, issuing, issuing.leaf("client-1")], at: [2] },
  {
    what: "a CA that denies being one",
    code: "not-a-ca-certificate",
    members: [pki.root("Not CA", { basicConstraints: { cA: false } })],
  },
  {
    what: "version 3 without basicConstraints",
    code: "not-a-ca-certificate",
    members: [pki.root("No BC", { basicConstraints: undefined })],
  },
  {
    what: "a CA that may not sign certificates",
    code: "key-usage-not-cert-sign",
    members: [pki.root("No Sign", { keyUsage: ["cRLSign"] })],
  },
  {
    what: "an expired CA",
    code: "expired-certificate",
    members: [root, root.intermediate("Old", { notAfter: pki.now - 1 })],
    at: [1],
  },
  {
    what: "a CA of tomorrow",
    code: "not-yet-valid-certificate",
    members: [root, root.intermediate("New", { notBefore: pki.now + 1 })],
    at: [1],
  },
  {
    what: "a SHA-1 signature",
    code: "insecure-signature-algorithm",
    members: [pki.root("Sha1", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "sha1" } })],
  },
  {
    what: "an MD5 signature, also with SHA-1 allowed",
    code: "insecure-signature-algorithm",
    members: [pki.root("Md5", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "md5" } })],
    changes: { allowInsecureSha1: true },
  },
  { what: "RSA of 1024 bits", code: "weak-key", members: [weak("rsa1024")] },
  { what: "an EC curve of 192 bits", code: "weak-key", members: [weak("p192")] },
  { what: "an explicit curve", code: "weak-key", members: [weak("explicitP256")] },
  { what: "one Common Name twice", code: "same-common-name", members: [root, pki.root("PARTNER  root")], at: [1] },
  { what: "a missing issuer", code: "issuer-not-in-set", members: [issuing] },
  {
    what: "an issuer of the name with another key",
    code: "broken-chain",
    members: [pki.root("Partner Root"), issuing],
    at: [1],
  },
];

describe("certificates that are refused, on every way in", () => {
  test.each(refused)("$what: $code", async ({ code, members, at = [0], changes = {} }) => {
    const { caSetId } = await harness.createSet();
    const versions = `/ca-sets/${caSetId}/versions`;
    const body = { certificates: certificateList(members), ...changes };
    const created = await harness.ask("POST", versions, { body });
    expect(refusal(created)).toEqual([400, "certificate-validation-failure-create"]);
    expect(problemOf(created).contextInfo).toMatchObject({ caSetId });
    expect((await harness.get(versionList, versions)).versions).toEqual([]);

    const checked = await validate(members, changes);
    expect(refusal(checked)).toEqual([400, "certificate-validation-failure"]);
    expect(problemOf(checked).errors).toEqual(problemOf(created).errors);

    const good = pki.root("Other Root");
    await harness.createVersion([good], {}, caSetId);
    const updated = await harness.ask("PUT", `${versions}/1`, { body });
    expect(refusal(updated)).toEqual([400, "certificate-validation-failure-update"]);
    expect(problemOf(updated).contextInfo).toMatchObject({ caSetId, version: 1 });
    const { versions: after } = await harness.get(versionList, `${versions}?includeCertificates=true`);
    expect(after[0]?.certificates?.map(({ certificatePem }) => certificatePem)).toEqual([good.pem]);

    for (const { errors = [] } of [problemOf(created), problemOf(updated)]) {
      const blamed = errors.filter(({ type }) => type.endsWith(`/${code}`));
      expect(blamed.map(({ pointer }) => pointer)).toEqual(at.map((index) => `/certificates/${index}`));
      for (const { title, detail, contextInfo } of blamed) {
        expect(Math.min(title.length, detail.length)).toBeGreaterThan(0);
        expect(contextInfo).toMatchObject({ cites: expect.any(String) as string });
      }
    }
  });

  test("the blamed certificate is named by subject and fingerprint, in both spellings, with its description", async () => {
    const old = root.intermediate("Old", { notAfter: pki.now - 1 });
    const certificates = [{ certificatePem: root.pem }, { certificatePem: old.pem, description: "the old one" }];
    const answer = await harness.ask("POST", "/certificates/validate", { body: { certificates } });
    expect(problemOf(answer).errors).toMatchObject([
      {
        type: "/mtls-edge-truststore/error-types/expired-certificate",
        pointer: "/certificates/1",
        contextInfo: {
          subject: "CN=Old",
          fingerprint: old.fingerprint,
          fingerPrint: old.fingerprint,
          description: "the old one",
          expiryDate: expect.stringContaining("2026-05-31T23:59:59") as string,
          checkDate: expect.stringContaining("2026-06-01T00:00:00") as string,
        },
      },
    ]);
  });

  test("a malformed certificate is told with the byte that is wrong", async () => {
    const { errors } = problemOf(await validate([truncated]));
    expect(errors?.[0]?.contextInfo).toMatchObject({
      reason: expect.any(String) as string,
      offset: expect.any(Number) as number,
    });
  });

  test("everything is said at once, in the order of the certificates", async () => {
    const members = [issuing, pem("nothing"), issuing.leaf("client"), pki.root("Late", { notAfter: pki.now - 5 })];
    const { errors } = problemOf(await validate(members));
    expect(errors?.map(({ pointer }) => pointer)).toEqual(errors?.map(({ pointer }) => pointer).toSorted());
    expect(slugs(errors)).toEqual([
      "issuer-not-in-set",
      "malformed-certificate",
      "not-a-ca-certificate",
      "key-usage-not-cert-sign",
      "expired-certificate",
    ]);
  });

  test.each([
    [
      "SHA-1 with its option",
      [pki.root("Sha1", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "sha1" } })],
      { allowInsecureSha1: true },
    ],
    ["one Common Name twice with its option", [root, pki.root("Partner Root")], { allowDuplicateCommonNames: true }],
    ["an intermediate alone without Require Root", [issuing], { requireRootCertificate: false }],
    ["a CA in its last second", [pki.root("Last second", { notAfter: pki.now })], {}],
    ["a CA in its first second", [pki.root("First second", { notBefore: pki.now })], {}],
  ] as const)("accepts %s", async (_what, members, changes) => {
    const answer = expectStatus(await validate(members, changes), 200, validateResponse.strict());
    expect(answer).toMatchObject(changes);
  });
});

describe("no private key is stored or logged", () => {
  test("not from a PEM, not from a field of another meaning, not in an error", async () => {
    const key = pki.root("Secret Holder");
    const secret = key.privateKeyPem.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(40);
    const { caSetId } = await harness.createSet();
    const oneLine = key.privateKeyPem.replaceAll("\n", "");
    const open = key.privateKeyPem.split("-----END")[0] ?? "";
    for (const text of [key.privateKeyPem, oneLine, open, key.pem + key.privateKeyPem, key.privateKeyPem + key.pem]) {
      const body = { certificates: [{ certificatePem: text }] };
      const answers = [
        await harness.ask("POST", `/ca-sets/${caSetId}/versions`, { body }),
        await harness.ask("POST", "/certificates/validate", { body }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(400);
        expect(answer.text).not.toContain(secret);
      }
    }
    const description = oneLine.slice(0, 255);
    const answers = [
      await harness.ask("POST", `/ca-sets/${caSetId}/versions`, {
        body: { description, certificates: certificateList([key]) },
      }),
      await harness.ask("POST", "/ca-sets", { body: { caSetName: harness.newName(), description } }),
      await harness.ask("POST", `/ca-sets/${caSetId}/versions`, {
        body: { certificates: [{ certificatePem: key.pem, description }] },
      }),
      await harness.ask("POST", "/ca-sets", { body: { caSetName: oneLine } }),
      await harness.ask("POST", "/ca-sets", {
        raw: `{"caSetName":"${oneLine}`,
        headers: { "content-type": "application/json" },
      }),
    ];
    for (const answer of answers) expect(answer.status).toBe(400);
    expect(harness.everythingWritten).not.toContain(secret);
  });
});

describe("limits of an upload", () => {
  const many = Array.from({ length: 301 }, (_, i) => pki.root(`Root ${i}`));

  test("301 certificates are one problem, 300 are none", async () => {
    const { caSetId, caSetName } = await harness.createSet();
    const versions = `/ca-sets/${caSetId}/versions`;
    const counted = { maxCertificatesPerVersion: 300, submittedCertificatesCount: 301 };
    const created = await harness.ask("POST", versions, { body: { certificates: certificateList(many) } });
    expect(refusal(created)).toEqual([422, "certificate-limit-reached"]);
    expect(problemOf(created).contextInfo).toEqual({ caSetId, caSetName, ...counted });
    const checked = await validate(many);
    expect(refusal(checked)).toEqual([422, "certificate-limit-reached"]);
    expect(problemOf(checked).contextInfo).toEqual(counted);
    await harness.createVersion(many.slice(0, 300), {}, caSetId);
    const updated = await harness.ask("PUT", `${versions}/1`, { body: { certificates: certificateList(many) } });
    expect(refusal(updated)).toEqual([422, "certificate-limit-reached"]);
    expect(problemOf(updated).contextInfo).toEqual({ caSetId, caSetName, ...counted, version: 1 });
  });

  test("an upload of rubbish is answered in bounded size", async () => {
    const rubbish = Array.from({ length: 300 }, () => pem("-----BEGIN X-----\n".repeat(1_000)));
    const answer = await validate(rubbish);
    expect(refusal(answer)).toEqual([400, "certificate-validation-failure"]);
    expect(answer.text.length).toBeLessThan(5_000_000);
  });

  test.each([
    ["none", { certificates: [] }, "/certificates"],
    ["no list", { certificates: { certificatePem: "x" } }, "/certificates"],
    ["no certificates", {}, "/certificates"],
    ["a number for a PEM", { certificates: [{ certificatePem: 1 }] }, "/certificates/0/certificatePem"],
    ["an entry without PEM", { certificates: [{}] }, "/certificates/0/certificatePem"],
    ["an unknown field", { certificates: [{ certificatePem: "x", comments: "y" }] }, "/certificates/0/comments"],
    [
      "an empty description",
      { certificates: [{ certificatePem: "x", description: "" }] },
      "/certificates/0/description",
    ],
    ["a NUL in a PEM", { certificates: [{ certificatePem: `\0${root.pem}` }] }, "/certificates/0/certificatePem"],
    [
      "half a character in a PEM",
      { certificates: [{ certificatePem: `\ud800${root.pem}` }] },
      "/certificates/0/certificatePem",
    ],
    [
      "an option of another type",
      { certificates: [{ certificatePem: "x" }], allowInsecureSha1: "true" },
      "/allowInsecureSha1",
    ],
  ])("refuses %s by the schema", async (_what, body, pointer) => {
    const answer = await harness.ask("POST", "/certificates/validate", { body });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
    expect(problemOf(answer).pointer).toBe(pointer);
  });
});

describe("POST /certificates/validate", () => {
  test("answers certificates, options, structure and advice, and stores nothing", async () => {
    const before = harness.controlPlane.context.store.db.selectFrom("certificates").select("fingerprint");
    const stored = (await before.execute()).length;
    const fresh = pki.root("Fresh", { notAfter: pki.now + 30 * day });
    const under = fresh.intermediate("Under");
    const certificates = [{ certificatePem: fresh.pem, description: "root" }, { certificatePem: under.pem }];
    const answer = await harness.ask("POST", "/certificates/validate", {
      body: { certificates },
      token: harness.viewer,
    });
    const view = expectStatus(answer, 200, validateResponse.strict());
    expect(view).toMatchObject({
      allowInsecureSha1: false,
      requireRootCertificate: true,
      allowDuplicateCommonNames: false,
      validation: { warnings: [] },
      trustChains: { roots: [fresh.fingerprint] },
    });
    expect(view.certificates[0]).toEqual({
      subject: "CN=Fresh",
      issuer: "CN=Fresh",
      startDate: "2026-05-02T00:00:00Z",
      endDate: "2026-07-01T00:00:00Z",
      fingerprint: fresh.fingerprint,
      serialNumber: expect.stringMatching(/^[0-9a-f]+$/) as string,
      signatureAlgorithm: "SHA256WITHECDSA",
      certificatePem: fresh.pem,
      description: "root",
    });
    expect(view.certificates[1]).toMatchObject({ issuer: "CN=Fresh", description: null });
    expect(slugs(view.advisories)).toContain("expiring-certificate");
    expect((await before.execute()).length).toBe(stored);
  });

  test("echoes both copies of a duplicate, and warns of nothing else", async () => {
    const view = expectStatus(await validate([root, issuing, root]), 200, validateResponse);
    expect(view.certificates).toHaveLength(3);
    expect(view.validation.warnings).toMatchObject([
      {
        type: "/mtls-edge-truststore/error-types/duplicate-certificate",
        pointer: "/certificates/2",
        contextInfo: { fingerPrint: root.fingerprint, fingerprint: root.fingerprint, description: null, firstIndex: 0 },
      },
    ]);
  });

  test("cross-signed CAs stand under each of their issuers", async () => {
    const other = pki.root("Other");
    const crossed = other.crossSign(issuing);
    const members = [root, other, issuing, crossed];
    const view = expectStatus(await validate(members, { allowDuplicateCommonNames: true }), 200, validateResponse);
    const of = (fingerprint: string) => view.trustChains.members.find((member) => member.fingerprint === fingerprint);
    expect(of(issuing.fingerprint)?.issuedBy).toEqual([root.fingerprint]);
    expect(of(crossed.fingerprint)?.issuedBy).toEqual([other.fingerprint]);
    expect([...view.trustChains.roots].toSorted()).toEqual([root.fingerprint, other.fingerprint].toSorted());
  });

  test("many at once are all answered, each its own", async () => {
    const roots = Array.from({ length: 12 }, (_, i) => pki.root(`Parallel ${i}`));
    const answers = await Promise.all(roots.map((one) => validate([one])));
    const views = answers.map((answer) => expectStatus(answer, 200, validateResponse));
    expect(views.map(({ certificates }) => certificates[0]?.fingerprint)).toEqual(roots.map((one) => one.fingerprint));
  });
});

describe("a deployment is validated again", () => {
  test("an expired member is refused, on the record, and nothing is deployed", async () => {
    const short = pki.root("Short", { notAfter: pki.now + 10 });
    const id = await harness.createVersion([short]);
    harness.clock.advance(11_000);
    const body = { network: "STAGING" };
    const answer = await harness.ask("POST", `/ca-sets/${id}/versions/1/activate`, { body });
    harness.clock.advance(-11_000);
    expect(refusal(answer)).toEqual([400, "certificate-validation-failure-activate"]);
    const { contextInfo, errors } = problemOf(answer);
    expect(contextInfo).toMatchObject({ caSetId: id, version: 1 });
    expect(slugs(errors)).toEqual(["expired-certificate"]);
    expect(errors?.[0]).not.toHaveProperty("pointer");
    expect((await harness.get(activationList, `/ca-sets/${id}/activations`)).activations).toEqual([]);
    const activities = await harness.controlPlane.context.store.db
      .selectFrom("activities")
      .selectAll()
      .where("ca_set_id", "=", Number(id))
      .where("type", "=", "REFUSE_ACTIVATION")
      .execute();
    expect(activities).toMatchObject([{ network: "STAGING", version: 1, by: "token-1" }]);
    // Never activated, so still editable.
    const edit = await harness.ask("PUT", `/ca-sets/${id}/versions/1`, {
      body: { certificates: certificateList([root]) },
    });
    expect(edit.status).toBe(200);
  });
});

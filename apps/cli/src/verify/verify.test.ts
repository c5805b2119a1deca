import { sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  encodeBits,
  encodeElement,
  encodeName,
  encodeSequence,
  encodeSignatureAlgorithm,
  encodeTime,
  keyPurpose,
} from "@tcm/core";
import { freePorts, type TestAuthority, type TestCertificate, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openWorkplace } from "../testing/open-workplace.ts";
import { type RunOptions, type Transcript } from "../testing/run-tcm.ts";
import { typeTcm } from "../testing/type-tcm.ts";

const pki = testPki({ now: new Date() });
const root = pki.root("Partner Root");
const issuing = root.intermediate("Partner Issuing");
const client = issuing.leaf("client-1");
const year = 366 * 86_400;

/** A directory with a CA set, a client and what is wrong in every way that the tests ask about. */
function openDirectory() {
  const directory = temporaryDirectory();
  const put = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  put("partners.pem", root.pem + issuing.pem);
  put("root.pem", root.pem);
  put("other.pem", pki.root("Other Root").pem);
  put("client.pem", client.pem);
  put("chain.pem", client.pem + issuing.pem);
  put("with-key.pem", client.pem + client.privateKeyPem);
  put("expired.pem", issuing.leaf("old", { notBefore: pki.now - year, notAfter: pki.now - 1 }).pem);
  put("long.pem", client.pem + issuing.pem.repeat(10));
  put("garbage.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
  const tcm = (line: string, options: RunOptions = {}): Promise<Transcript> =>
    typeTcm(line.split(" "), { directory, ...options });
  return { tcm, put, directory };
}

/** RFC 5280 §5.1 in its oldest form: issuer, dates, serial numbers. */
function revocationList(issuer: TestAuthority, revoked: readonly TestCertificate[]): Uint8Array {
  const algorithm = encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha256" });
  const entry = ({ certificate }: TestCertificate): Uint8Array =>
    encodeSequence(encodeElement(0x02, certificate.serialNumber), encodeTime(pki.now));
  const dates = [encodeTime(pki.now - 60), encodeTime(pki.now + 86_400)];
  const entries = revoked.length === 0 ? [] : [encodeSequence(...revoked.map(entry))];
  const tbs = encodeSequence(algorithm, encodeName(issuer.request.subject), ...dates, ...entries);
  return encodeSequence(tbs, algorithm, encodeBits(sign("sha256", tbs, issuer.keyPair.privateKey)));
}

function crlPem(der: Uint8Array): string {
  return `-----BEGIN X509 CRL-----\n${Buffer.from(der).toString("base64")}\n-----END X509 CRL-----\n`;
}

describe("tcm verify without a server", () => {
  test("accepts with the path as a tree and what the set really trusts", async () => {
    const { tcm } = openDirectory();
    const { code, out, err } = await tcm("verify --ca-set partners.pem client.pem");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^accepted\nCN=client-1 {2}\[.*\]\n└─ CN=Partner Issuing {2}\[.*\] {2}✓ anchor\n/);
    expect(out).toContain("effective trust: 2 anchors\n");
    expect(out).toMatch(/CN=Partner Root {2}\[[0-9a-f]{12}\] {2}also lets in the clients of every other CA below it/);
    expect(out).toContain("Trusting only the 1 lowest member would drop CN=Partner Root");
  });

  test("refuses with every path that was tried, clause, OpenSSL number and what to do", async () => {
    const { tcm } = openDirectory();
    const { code, out, err } = await tcm("verify --ca-set other.pem chain.pem");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(
      /^refused: issuer-not-found\. .*Send the missing intermediate.*\(RFC 5280 §6\.1; OpenSSL error \d+\)\n/,
    );
    expect(out).toContain("✗ issuer-not-found: at CN=Partner Issuing");
    const expired = await tcm("verify --ca-set partners.pem expired.pem");
    expect(expired).toMatchObject({ code: 1, err: "" });
    expect(expired.out).toContain("refused: expired. The certificate has expired. Renew it.");
  });

  test("judges at the time that is asked about", async () => {
    const { tcm } = openDirectory();
    const before = new Date((pki.now - 86_400) * 1000).toISOString();
    expect((await tcm(`verify --ca-set partners.pem --time ${before} expired.pem`)).code).toBe(0);
    for (const time of ["yesterday", "2026-11-24", "2026-11-24T18:00:00", "2026-99-24T18:00:00Z"])
      expect(await tcm(`verify --ca-set partners.pem --time ${time} client.pem`)).toMatchObject({ code: 2, out: "" });
  });

  test("looks into revocation lists, and refuses what they tell nothing about", async () => {
    const { tcm, put } = openDirectory();
    put("none.crl", "");
    const write = (name: string, list: Uint8Array): void => put(name, crlPem(list));
    write("revoked.crl", revocationList(issuing, [client]));
    write("clean.crl", revocationList(issuing, []));
    write("root.crl", revocationList(root, []));
    const verify = (lists: string) => tcm(`verify --ca-set partners.pem client.pem --crl ${lists}`);
    expect((await verify("clean.crl")).code).toBe(0);
    const revoked = await verify("revoked.crl");
    expect(revoked.code).toBe(1);
    expect(revoked.out).toMatch(/^refused: revoked\. /);
    expect((await verify("root.crl")).out).toMatch(/^refused: crl-not-found\. /);
    expect((await verify("none.crl")).err).toContain("none.crl, list 1: pem-no-block");
  });

  test("says with 3 that it came to no verdict, as for more certificates than an edge takes", async () => {
    const { tcm } = openDirectory();
    const { code, out } = await tcm("verify --ca-set root.pem long.pem");
    expect(code).toBe(3);
    expect(out).toMatch(/^undetermined: budget-presented\. /);
  });

  test("notes where engines on OpenSSL would decide otherwise", async () => {
    const { tcm, put } = openDirectory();
    put("any.pem", issuing.leaf("any", { extendedKeyUsage: [keyPurpose.any] }).pem);
    const { code, out } = await tcm("verify --ca-set partners.pem any.pem");
    expect(code).toBe(0);
    expect(out).toMatch(/^note: .*anyExtendedKeyUsage.*Engines on OpenSSL .* refuse this client\.$/m);
  });

  test("shows names that would steer a terminal harmlessly", async () => {
    const { tcm, put } = openDirectory();
    const hostile = "ada\u001b[2J\u202egnp.exe\r\nverdict: accepted";
    put("hostile.pem", pki.root(hostile).leaf(hostile).pem);
    const { code, out } = await tcm("verify --ca-set partners.pem hostile.pem");
    expect(code).toBe(1);
    for (const character of ["\u001b", "\u202e", "\r"]) expect(out).not.toContain(character);
    expect(out).not.toMatch(/^verdict: /m);
  });

  test("prints the same as JSON", async () => {
    const { tcm } = openDirectory();
    const { code, out } = await tcm("verify --json --ca-set other.pem client.pem");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      verdict: "refused",
      reason: { code: "issuer-not-found", cites: "RFC 5280 §6.1", index: 0 },
      attempts: [{ stop: { code: "issuer-not-found" } }],
      effectiveTrust: { anchors: [{ role: "issuing" }] },
    });
  });

  test("reads the chain from standard input, and takes what is no set of certificates for an error", async () => {
    const { tcm } = openDirectory();
    expect((await tcm("verify --ca-set partners.pem -", { input: client.pem })).code).toBe(0);
    for (const line of [
      "--ca-set garbage.pem client.pem",
      "--ca-set partners.pem garbage.pem",
      "--ca-set missing.pem client.pem",
      "--ca-set partners.pem missing.pem",
      "--ca-set partners.pem --crl partners.pem client.pem",
      "--ca-set partners.pem --network staging client.pem",
    ])
      expect(await tcm(`verify ${line}`), line).toMatchObject({ code: 2, out: "" });
  });
});

describe("a private key in the client's chain", () => {
  test.each(["partners.pem", "partners"])("is refused with its line and sent nowhere: --ca-set %s", async (caSet) => {
    const { tcm } = openDirectory();
    const [port] = await freePorts(1);
    // Nobody listens there: an attempt to send anything would end with 5.
    const environment = { TCM_URL: `http://127.0.0.1:${port}`, TCM_TOKEN: "tcm_x" };
    const { code, out, err } = await tcm(`verify --ca-set ${caSet} with-key.pem`, { environment });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`error: unexpected-pem-block  with-key.pem, line ${client.pem.split("\n").length}\n`);
    expect(err).not.toContain("MI");
  });
});

describe("tcm verify with a server", () => {
  test("asks about a version or a network, and agrees with itself offline", async () => {
    const { environment } = await openWorkplace();
    const { tcm, put, directory } = openDirectory();
    mkdirSync(join(directory, "partners"));
    const ask = (line: string): Promise<Transcript> => tcm(line, { environment });
    await ask("upload partners partners.pem");

    const accepted = await ask("verify --ca-set partners@1 client.pem");
    expect(accepted).toMatchObject({ code: 0, err: "" });
    expect(accepted.out).toBe((await tcm("verify --ca-set partners.pem client.pem")).out);
    expect(await ask("verify --ca-set partners expired.pem")).toMatchObject({ code: 1, err: "" });
    put("employees", "a file of that name is meant, and no set");
    expect(await ask("verify --ca-set employees client.pem")).toMatchObject({ code: 2, out: "" });
    const strict = await ask("verify --ca-set partners --profile strict --json client.pem");
    expect(strict).toMatchObject({ code: 0, err: "" });

    const inactive = await ask("verify --ca-set partners --network staging client.pem");
    expect(inactive).toEqual({ code: 4, out: "", err: '"partners" is not active on staging.\n' });
    await ask("deploy partners --network staging --wait");
    const active = await ask("verify --ca-set partners --network staging --json client.pem");
    expect(JSON.parse(active.out)).toMatchObject({ network: "STAGING", version: 1, verdict: "accepted" });
    expect(await ask("verify --ca-set partners@1 --network staging client.pem")).toMatchObject({ code: 2, out: "" });
    expect((await ask("verify --ca-set nobody client.pem")).err).toContain('There is no CA set "nobody".');
  });
});

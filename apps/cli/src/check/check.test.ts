import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatName } from "@tcm/core";
import { temporaryDirectory, type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { runTcm } from "../testing/run-tcm.ts";

const pki = testPki({ now: new Date() });
const root = pki.root("Partner Root");
const issuing = root.intermediate("Partner Issuing");
const until = (certificate: TestCertificate): string => new Date(certificate.certificate.notAfter * 1000).toISOString();
const treeLine = (certificate: TestCertificate, kind: string): string =>
  `${formatName(certificate.certificate.subject)}  [${kind}, ${certificate.fingerprint.slice(0, 12)}, until ${until(certificate).slice(0, 10)}]`;

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

describe("tcm check", () => {
  test("shows the tree of a set that is spread over files, and ends with 0", async () => {
    const directory = directoryWith({ "root.pem": root.pem, "issuing.pem": `bag attributes\r\n${issuing.pem}` });
    const transcript = await runTcm(["check", "issuing.pem", "root.pem"], { directory });
    expect(transcript).toEqual({
      code: 0,
      err: "",
      out: `${treeLine(root, "root")}\n└─ ${treeLine(issuing, "intermediate")}\n\nvalid: 2 certificates, 0 errors, 0 warnings, 0 advisories\n`,
    });
  });

  test("names file, position, line, subject, fingerprint and code of every fault at once, and ends with 1", async () => {
    const leaf = issuing.leaf("client-1");
    const directory = directoryWith({ "bundle.pem": root.pem + leaf.pem, "keys.pem": issuing.privateKeyPem });
    const { code, out } = await runTcm(["check", "bundle.pem", "keys.pem", "--json"], { directory });
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Record<string, unknown>[] };
    expect(ok).toBe(false);
    const position = { file: "bundle.pem", position: 2, line: root.pem.split("\n").length, subject: "CN=client-1" };
    const aboutLeaf = { ...position, severity: "error", fingerprint: leaf.fingerprint };
    expect(findings).toMatchObject([
      { code: "not-a-ca-certificate", ...aboutLeaf },
      { code: "key-usage-not-cert-sign", ...aboutLeaf },
      { code: "issuer-not-in-set", ...aboutLeaf },
      { code: "unexpected-pem-block", severity: "error", file: "keys.pem", position: null, line: 1 },
    ]);
  });

  test("names the other certificate by its file too", async () => {
    const namesake = pki.root("Partner Root");
    const directory = directoryWith({ "a.pem": issuing.pem + root.pem, "b.pem": root.pem + namesake.pem });
    const { out } = await runTcm(["check", "a.pem", "b.pem"], { directory });
    const other = `a.pem, certificate 2 (line ${issuing.pem.split("\n").length})`;
    expect(out).toContain(`The certificate is the same as ${other} and is kept once.`);
    expect(out).toMatch(
      /b\.pem, certificate 2[^]*Another certificate has the Common Name "[^"]+": a\.pem, certificate 2/,
    );
  });

  test("a certificate that is none of a CA is no intermediate in the tree", async () => {
    const leaf = issuing.leaf("client-1");
    const directory = directoryWith({ "bundle.pem": root.pem + issuing.pem + leaf.pem });
    const { code, out } = await runTcm(["check", "bundle.pem"], { directory });
    expect(code).toBe(1);
    expect(out).toContain(`   └─ ${treeLine(leaf, "not a CA")}\n`);
  });

  test("never shows anything of a private key", async () => {
    const directory = directoryWith({ "keys.pem": issuing.privateKeyPem });
    const { out, err } = await runTcm(["check", "keys.pem"], { directory });
    const secret = issuing.privateKeyPem.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect(out + err).not.toContain(secret.slice(0, 20));
  });

  test("takes standard input as -, and an intermediate alone with --no-require-root", async () => {
    const refused = await runTcm(["check", "-"], { input: issuing.pem });
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("error: issuer-not-in-set  standard input, certificate 1 (line 1)");
    const accepted = await runTcm(["check", "--no-require-root", "-"], { input: issuing.pem });
    expect(accepted.code).toBe(0);
  });

  test("escapes what a certificate says", async () => {
    const hostile = pki.root("Evil\u001b[2J\nCA");
    const { out } = await runTcm(["check", "-"], { input: hostile.pem });
    expect(out).toContain("CN=Evil\\x1b[2J\\x0aCA");
    expect(out).not.toContain("\u001b");
  });

  test("refuses 301 certificates", async () => {
    const many = Array.from({ length: 301 }, () => root.pem).join("");
    const { code, out } = await runTcm(["check", "-"], { input: many });
    expect(code).toBe(1);
    expect(out).toContain("error: certificate-limit-reached  the set");
  });

  test("refuses input above the limit before reading all of it", async () => {
    const { code, err } = await runTcm(["check", "-"], { input: "x".repeat(9 * 1024 * 1024) });
    expect(code).toBe(2);
    expect(err).toBe("The input is larger than 8 MiB. Split it.\n");
  });

  test.each([
    ["a file that is not there", "nowhere.pem", "Cannot read nowhere.pem: there is no such file.\n"],
    ["a directory", ".", "Cannot read .: it is a directory.\n"],
  ])("says in one sentence that it cannot read %s", async (_, name, sentence) => {
    const transcript = await runTcm(["check", name], { directory: temporaryDirectory() });
    expect(transcript).toEqual({ code: 2, out: "", err: sentence });
  });

  test("knows binary DER for what it is", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "root.der"), root.der);
    const { code, out } = await runTcm(["check", "root.der"], { directory });
    expect(code).toBe(1);
    expect(out).toContain("pem-looks-like-der");
  });
});

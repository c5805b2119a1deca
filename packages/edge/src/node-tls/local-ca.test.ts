import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { nodeCrypto } from "@tcm/node-crypto";
import { fixedClock, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { binding, caSet, openTestEdge, pki, send } from "./edge-under-test.ts";
import { openLocalCa } from "./local-ca.ts";
import { readServerCertificates } from "./server-certificate-files.ts";

const day = 86_400_000;
const open = (directory: string, clock = Date.now) => openLocalCa(directory, { clock, crypto: nodeCrypto });

describe("the local CA", () => {
  test("is made once, its key for its owner alone, and opened again", async () => {
    const directory = join(temporaryDirectory(), "local-ca");
    const first = await open(directory);
    const second = await open(directory);
    expect(second.certificatePem).toBe(first.certificatePem);
    expect(readdirSync(directory).toSorted()).toEqual(["ca.key", "ca.pem"]);
    expect(statSync(join(directory, "ca.key")).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test("is the same for all processes that start at once in an empty directory", async () => {
    const directory = temporaryDirectory();
    const script = `
      import { openLocalCa } from ${JSON.stringify(import.meta.resolve("./local-ca.ts"))};
      import { nodeCrypto } from ${JSON.stringify(import.meta.resolve("@tcm/node-crypto"))};
      const ca = await openLocalCa(process.argv[1], { clock: Date.now, crypto: nodeCrypto });
      ca.certificateFor("shop.example");
      process.stdout.write(ca.certificatePem);`;
    const run = async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script, directory], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      return text(child.stdout);
    };
    const [first, ...others] = await Promise.all(Array.from({ length: 4 }, run));
    expect(first).toContain("BEGIN CERTIFICATE");
    expect(new Set([first, ...others]).size).toBe(1);
    expect(readdirSync(directory).toSorted()).toEqual(["ca.key", "ca.pem"]);
  });

  test("goes on where a crash left a key without its certificate", async () => {
    const [whole, torn] = [temporaryDirectory(), temporaryDirectory()];
    await open(whole);
    writeFileSync(join(torn, "ca.key"), readFileSync(join(whole, "ca.key")), { mode: 0o600 });
    const ca = await open(torn);
    expect(new X509Certificate(ca.certificatePem).checkIssued(new X509Certificate(ca.certificatePem))).toBe(true);
  });

  test("is refused when its files do not belong together, are no PEM, or have expired", async () => {
    const directory = temporaryDirectory();
    await open(directory);
    const clock = () => Date.now() + 4_000 * day;
    await expect(open(directory, clock)).rejects.toThrow(/has expired/);
    writeFileSync(join(directory, "ca.pem"), testPki().root("Other").pem);
    await expect(open(directory)).rejects.toThrow(/do not belong together/);
    writeFileSync(join(directory, "ca.pem"), "nothing");
    await expect(open(directory)).rejects.toThrow(/ca\.pem, line 1: pem-no-block/);
  });

  test("issues one certificate per hostname, for that name alone, and again in time", async () => {
    const clock = fixedClock();
    const ca = await open(temporaryDirectory(), clock.now);
    const first = ca.certificateFor("*.shop.example");
    expect(ca.certificateFor("*.shop.example")).toBe(first);
    const leaf = new X509Certificate(first?.certificatePem ?? "");
    expect(leaf.subjectAltName).toBe("DNS:*.shop.example");
    expect(leaf.verify(new X509Certificate(ca.certificatePem).publicKey)).toBe(true);
    clock.advance(59 * day);
    expect(ca.certificateFor("*.shop.example")).toBe(first);
    clock.advance(day);
    expect(ca.certificateFor("*.shop.example")).not.toBe(first);
  });

  test("issues for a hostname that is longer than a Common Name may be", async () => {
    const hostname = `${"a".repeat(60)}.${"b".repeat(60)}.example`;
    const ca = await open(temporaryDirectory());
    const leaf = new X509Certificate(ca.certificateFor(hostname)?.certificatePem ?? "");
    expect(leaf.checkHost(hostname)).toBe(hostname);
  });

  test("never issues beyond its own end", async () => {
    const clock = fixedClock();
    const ca = await open(temporaryDirectory(), clock.now);
    clock.advance(3_640 * day);
    const last = ca.certificateFor("shop.example");
    const end = new X509Certificate(ca.certificatePem).validTo;
    expect(new X509Certificate(last?.certificatePem ?? "").validTo).toBe(end);
    expect(ca.certificateFor("shop.example")).toBe(last);
    clock.advance(11 * day);
    expect(() => ca.certificateFor("shop.example")).toThrow(/expired/);
  });

  test("serves handshakes that its certificate verifies, wildcards too", async () => {
    const ca = await open(temporaryDirectory());
    const root = pki.root("Partner Root");
    const edge = await openTestEdge({ serverCertificates: ca });
    await edge.deploy(caSet([root]));
    await edge.deploy(binding(["*.shop.example"]));
    const sent = { client: root.leaf("c"), hostname: "eu.shop.example", ca: ca.certificatePem };
    expect(await send(edge, sent)).toMatchObject({ status: 200 });
  });
});

describe("server certificates from files", () => {
  const authority = pki.root("Public Root").intermediate("Public Issuing");

  function write(server: { chainPem: string; privateKeyPem: string }) {
    const directory = temporaryDirectory();
    const files = { certificatePath: join(directory, "cert.pem"), privateKeyPath: join(directory, "key.pem") };
    writeFileSync(files.certificatePath, server.chainPem);
    writeFileSync(files.privateKeyPath, server.privateKeyPem);
    return files;
  }

  test("are chosen by name, exact before wildcard, else what there is otherwise, else the first", async () => {
    const [wild, exact] = [authority.server("*.shop.example"), authority.server("eu.shop.example")];
    const files = [write(wild), write(exact)];
    const local = await open(temporaryDirectory());
    const alone = await readServerCertificates(files, nodeCrypto);
    const withLocal = await readServerCertificates(files, nodeCrypto, local);
    expect(alone.certificateFor("eu.shop.example")?.certificatePem).toBe(exact.chainPem);
    expect(alone.certificateFor("us.shop.example")?.certificatePem).toBe(wild.chainPem);
    expect(alone.certificateFor("*.shop.example")?.certificatePem).toBe(wild.chainPem);
    expect(alone.certificateFor("other.example")?.certificatePem).toBe(wild.chainPem);
    expect(withLocal.certificateFor("other.example")).toBe(local.certificateFor("other.example"));
    expect((await readServerCertificates([], nodeCrypto)).certificateFor("x.example")).toBeUndefined();
  });

  test("are refused when key and certificate do not belong together, or the key is none, without quoting it", async () => {
    const [one, two] = [authority.server("one.example"), authority.server("two.example")];
    const mixed = write({ chainPem: one.chainPem, privateKeyPem: two.privateKeyPem });
    await expect(readServerCertificates([mixed], nodeCrypto)).rejects.toThrow(/is not that of the certificate/);
    const broken = write({ chainPem: one.chainPem, privateKeyPem: "SECRET" });
    await expect(readServerCertificates([broken], nodeCrypto)).rejects.toThrow(
      /key\.pem: not an unencrypted private key in PEM$/,
    );
  });

  test("are refused when the certificate file holds the key as well", async () => {
    const one = authority.server("one.example");
    const files = write({ chainPem: one.chainPem + one.privateKeyPem, privateKeyPem: one.privateKeyPem });
    await expect(readServerCertificates([files], nodeCrypto)).rejects.toThrow(/line \d+: pem-unexpected-block$/);
  });
});

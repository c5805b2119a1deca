import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type SecureVersion } from "node:tls";
import { X509Certificate } from "node:crypto";
import { isLoopback } from "@tcm/api-contract";
import { fixedClock, temporaryDirectory, testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UsageError } from "./command-line.ts";
import { type ListenOptions, refuseListening } from "./listen-address.ts";
import { refusal } from "./testing/api-client.ts";
import { Browser } from "./testing/browser.ts";
import { ControlPlaneHarness } from "./testing/control-plane-harness.ts";

const start = (listen: ListenOptions, directory?: string) =>
  ControlPlaneHarness.start({ clock: fixedClock(new Date().toISOString()), listen, ...(directory && { directory }) });

describe("beyond loopback only TLS is spoken", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "128.0.0.1"])("refuses to listen on %s without", (host) => {
    expect(() => refuseListening({ host })).toThrow(UsageError);
    expect(() => refuseListening({ host, tls: "self-signed" })).not.toThrow();
  });

  test.each(["127.0.0.1", "::1", "localhost", "127.8.8.8"])("listens on %s without", (host) => {
    expect(() => refuseListening({ host })).not.toThrow();
    expect(isLoopback(host)).toBe(true);
  });

  test.each(["example.com", "", "127.0.0.1:80", "127.1", "localhost.evil.example"])("the host %j is none", (host) => {
    expect(() => refuseListening({ host })).toThrow(UsageError);
  });

  test.each([
    "http://tcm.example",
    "ftp://127.0.0.1",
    "https://tcm.example/path",
    "https://user@tcm.example",
    "https://tcm.example/?x",
    "tcm.example",
  ])("the public URL %s is refused", (publicUrl) => {
    expect(() => refuseListening({ publicUrl })).toThrow(UsageError);
  });

  test("a control plane that may not listen opens nothing", async () => {
    const directory = temporaryDirectory();
    await expect(start({ host: "0.0.0.0" }, directory)).rejects.toThrow(UsageError);
  });
});

describe("with a certificate of its own", () => {
  let plane: ControlPlaneHarness;
  beforeAll(async () => (plane = await start({ tls: "self-signed", publicUrl: "https://tcm.example:7300" })));
  afterAll(() => plane.remove());
  const port = (): number => Number(new URL(plane.controlPlane.localUrl).port);

  async function handshake(servername: string | undefined, versions: object = {}): Promise<string | null> {
    const socket = connect({ port: port(), host: "127.0.0.1", ca: plane.ca ?? "", servername, ...versions });
    try {
      await once(socket, "secureConnect");
      return socket.getProtocol();
    } finally {
      socket.destroy();
    }
  }

  test.each([
    "tcm.example",
    "localhost",
    "127.0.0.1",
  ])("is trusted as %s by who trusts the CA of the directory", async (name) => {
    expect(await handshake(name === "127.0.0.1" ? undefined : name)).toBe("TLSv1.3");
  });

  test("is not trusted under another name, nor by who does not know the CA", async () => {
    await expect(handshake("other.example")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await expect(handshake("localhost", { ca: testPki().root("Other").pem })).rejects.toThrow();
  });

  test.each<[SecureVersion, boolean]>([
    ["TLSv1.1", false],
    ["TLSv1.2", true],
    ["TLSv1.3", true],
  ])("speaks %s: %s", async (version, isSpoken) => {
    const ciphers = "DEFAULT@SECLEVEL=0";
    const shaken = handshake("localhost", { minVersion: version, maxVersion: version, ciphers });
    if (isSpoken) expect(await shaken).toBe(version);
    else await expect(shaken).rejects.toThrow();
  });

  test("the CA stays over a restart, its key sealed and for its owner alone", async () => {
    const folder = join(plane.directory, "tls");
    const before = plane.ca;
    expect(new X509Certificate(before ?? "").ca).toBe(true);
    expect(readFileSync(join(folder, "ca.key.sealed"), "utf8")).toMatch(/^v1\./);
    expect(statSync(join(folder, "ca.key.sealed")).mode & 0o077).toBe(0);
    // The local nodes keep keys of their own beside it.
    const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
    expect(`${written.join()}${plane.log}`).not.toContain("PRIVATE KEY");
    await plane.stop();
    plane = await start({ tls: "self-signed", publicUrl: "https://tcm.example:7300" }, plane.directory);
    expect(plane.ca).toBe(before);
  });

  test("answers under its public name and loopback alone", async () => {
    for (const host of ["tcm.example:7300", "localhost:1", "127.0.0.1"])
      expect((await plane.ask("GET", "/session", { headers: { host } })).status).toBe(200);
    for (const host of ["evil.example", "tcm.example.evil.example", "0.0.0.0"])
      expect(refusal(await plane.ask("GET", "/session", { headers: { host } }))).toEqual([421, "misdirected-request"]);
  });

  test("takes the origin of its public address, and of the host that was asked by https", async () => {
    const ask = (origin: string, host: string) => plane.ask("GET", "/session", { headers: { origin, host } });
    expect((await ask("https://tcm.example:7300", "tcm.example:7300")).status).toBe(200);
    expect((await ask("https://localhost:7300", "localhost:7300")).status).toBe(200);
    for (const origin of [
      "http://tcm.example:7300",
      "https://tcm.example",
      "http://localhost:7300",
      "https://evil.example",
    ])
      expect(refusal(await ask(origin, "localhost:7300"))).toEqual([403, "forbidden"]);
  });

  test("the cookie is one that no other host can set, and that goes over TLS alone", async () => {
    const password = "seven green kettles";
    const created = await plane.ask("POST", "/users", { body: { name: "tls@tcm.example", role: "viewer", password } });
    expect(created.status).toBe(201);
    const browser = new Browser(plane.ask, "https://tcm.example:7300");
    const answer = await browser.send("POST", "/session", { name: "tls@tcm.example", password });
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^__Host-tcm-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect((await browser.send("GET", "/session")).status).toBe(200);
    const secret = browser.cookies.get("__Host-tcm-session") ?? "";
    browser.cookies.clear();
    browser.cookies.set("tcm-session", secret);
    expect(refusal(await browser.send("GET", "/session"))).toEqual([401, "unauthorized"]);
  });
});

describe("with a certificate of the operator's", () => {
  test("serves it, and the link of the first start has https", async () => {
    const directory = temporaryDirectory();
    const root = testPki({ now: new Date() }).root("Operator Root");
    const server = root.server("localhost");
    const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    writeFileSync(certFile, server.pem);
    writeFileSync(keyFile, server.privateKeyPem, { mode: 0o600 });
    const plane = await start({ tls: { certFile, keyFile }, publicUrl: "https://localhost:7300" });
    try {
      const { port } = new URL(plane.controlPlane.localUrl);
      const socket = connect({ port: Number(port), host: "127.0.0.1", ca: root.pem, servername: "localhost" });
      await once(socket, "secureConnect");
      socket.destroy();
      expect(plane.controlPlane.signInLink).toMatch(/^https:\/\/localhost:7300\/sign-in#first=/);
    } finally {
      await plane.remove();
    }
  });

  test("a key that others can read is refused", async () => {
    const directory = temporaryDirectory();
    const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    for (const file of [certFile, keyFile]) writeFileSync(file, "");
    chmodSync(keyFile, 0o644);
    await expect(start({ tls: { certFile, keyFile } })).rejects.toThrow(
      `--tls-key: ${keyFile} can be read or changed by others. Take their rights away with chmod 600`,
    );
  });

  test("a file that is not there is named", async () => {
    const tls = { certFile: "/nowhere/cert.pem", keyFile: "/nowhere/key.pem" };
    await expect(start({ tls })).rejects.toThrow("/nowhere/cert.pem");
  });
});

import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { binding, caSet, type Client, type EdgeUnderTest, openTestEdge, pki, serverRoot } from "./edge-under-test.ts";

const isInstalled = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;
const hasOpenSsl = isInstalled("openssl", "version");
const hasCurl = isInstalled("curl", "--version");
if (!hasOpenSsl) console.warn("openssl is not installed: its tests are skipped");
if (!hasCurl) console.warn("curl is not installed: its tests are skipped");

const root = pki.root("Partner Root");
const issuing = root.intermediate("Partner Issuing");
const client = issuing.leaf("client-1");
const other = pki.root("Other Root");
const request = "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

async function run(program: string, args: readonly string[], input = ""): Promise<string> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + error;
}

/** The files of a client, and of the CA that it trusts. */
function writeFiles(of: NonNullable<Client>) {
  const directory = temporaryDirectory();
  const files = {
    cert: join(directory, "cert.pem"),
    key: join(directory, "key.pem"),
    ca: join(directory, "ca.pem"),
    session: join(directory, "session"),
  };
  writeFileSync(files.cert, of.chainPem);
  writeFileSync(files.key, of.privateKeyPem, { mode: 0o600 });
  writeFileSync(files.ca, serverRoot.pem);
  return files;
}

function sClient(
  { port }: EdgeUnderTest,
  files: ReturnType<typeof writeFiles>,
  ...args: readonly string[]
): Promise<string> {
  const identity = ["-cert", files.cert, "-cert_chain", files.cert, "-key", files.key, "-CAfile", files.ca];
  const to = ["-connect", `127.0.0.1:${port}`, "-servername", "shop.example"];
  return run("openssl", ["s_client", ...to, ...identity, "-verify_return_error", "-ign_eof", ...args], request);
}

async function openShop(sendCaListToClient = false) {
  const edge = await openTestEdge();
  await edge.deploy(caSet([root, other]));
  expect(await edge.deploy(binding(["shop.example"], { sendCaListToClient }))).toMatchObject({ ok: true });
  return edge;
}

describe.skipIf(!hasOpenSsl)("openssl s_client", () => {
  test.each([
    "-tls1_2",
    "-tls1_3",
  ])("cannot resume its session, before or after its CA is removed, with %s", async (version) => {
    const edge = await openShop();
    const files = writeFiles(client);
    expect(await sClient(edge, files, version, "-sess_out", files.session)).toContain("200 OK");
    const again = await sClient(edge, files, version, "-sess_in", files.session);
    expect(again).toContain("200 OK");
    expect(again).not.toMatch(/^Reused, /m);
    await edge.deploy(caSet([other], 2));
    const removed = await sClient(edge, files, version, "-sess_in", files.session);
    expect(removed).toMatch(/403 Forbidden[^]*"code":"issuer-not-found"/);
    expect(removed).not.toMatch(/^Reused, /m);
  });

  test.each(["-tls1_2", "-tls1_3"])("is sent no CA names by default, with %s", async (version) => {
    expect(await sClient(await openShop(), writeFiles(client), version)).toContain(
      "No client certificate CA names sent",
    );
  });

  test.each([
    "-tls1_2",
    "-tls1_3",
  ])("is sent each name of the set once where that is asked for, and the new ones after a change, with %s", async (version) => {
    const edge = await openShop(true);
    const renewed = root.renew();
    await edge.deploy(caSet([root, renewed, issuing], 2));
    const out = await sClient(edge, writeFiles(client), version);
    const names = /Acceptable client certificate CA names\n([^]*?)\n(?:Requested|Client Certificate)/
      .exec(out)?.[1]
      ?.split("\n");
    expect(names?.toSorted()).toEqual(["CN = Partner Issuing", "CN = Partner Root"]);
    expect(out).toContain("200 OK");
  });

  test("without a server name gets an alert", async () => {
    const edge = await openShop();
    const out = await run("openssl", ["s_client", "-connect", `127.0.0.1:${edge.port}`, "-noservername"]);
    expect(out).toContain("alert handshake failure");
  });

  test("cannot renegotiate: another certificate would come under a verdict already made", async () => {
    const edge = await openShop();
    const files = writeFiles(client);
    const to = ["-connect", `127.0.0.1:${edge.port}`, "-servername", "shop.example", "-tls1_2"];
    const out = await run("openssl", ["s_client", ...to, "-cert", files.cert, "-key", files.key], "R\n");
    expect(out).toContain("no renegotiation");
  });
});

describe.skipIf(!hasCurl)("curl", () => {
  const url = ({ port }: EdgeUnderTest) => [
    "-sS",
    "--resolve",
    `shop.example:${port}:127.0.0.1`,
    `https://shop.example:${port}/`,
  ];

  test("with the client's certificate is accepted through a set of one intermediate", async () => {
    const edge = await openShop();
    await edge.deploy(caSet([issuing], 2));
    const { cert, key, ca } = writeFiles(client);
    const answer = JSON.parse(await run("curl", [...url(edge), "--cacert", ca, "--cert", cert, "--key", key]));
    expect(answer).toMatchObject({
      version: 2,
      clientCertificate: { subject: "CN=client-1", anchor: issuing.fingerprint },
    });
  });

  test("without one gets the problem, also after a large upload", async () => {
    const edge = await openShop();
    const { ca } = writeFiles(client);
    const answer = JSON.parse(
      await run("curl", [...url(edge), "--cacert", ca, "--data-binary", "@-"], "x".repeat(2_000_000)),
    );
    expect(answer).toMatchObject({ status: 403, code: "client-certificate-missing" });
  });
});

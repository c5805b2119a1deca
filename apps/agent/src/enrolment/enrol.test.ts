import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readIdentity } from "../identity/read-identity.ts";
import { StartError } from "../start-error.ts";
import { spawnAgent } from "../testing/agent-process.ts";
import { testControlPlane } from "../testing/test-agent.ts";
import { enrol } from "./enrol.ts";
import { enrolCommand } from "./enrol-command.ts";

const limits = { timeoutMs: 60_000 };

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StartError);
  return (error as Error).message;
}

describe("a machine becomes a node", () => {
  test("with a key of its own that nobody else has seen, and whom to trust from then on", async () => {
    const plane = await testControlPlane();
    const identity = await enrol(plane.joinToken(), limits);
    const { nodeId, network, controlPlaneUrl, controlPlaneCa, signingKeys } = plane.identity;
    expect(identity).toMatchObject({ nodeId, network, controlPlaneUrl, controlPlaneCa, signingKeys });
    expect(identity.controlPlaneUrls).toEqual(["https://other.example:7301"]);
    expect(identity.privateKey).not.toBe(plane.identity.privateKey);
    expect(new X509Certificate(identity.certificate).subjectAltName).toContain("spiffe://tcm/staging/staging-edge");
    expect(plane.secretsShown).toEqual(["s".repeat(43)]);
  });

  test("also when the first address of the token is not the right one", async () => {
    const [plane, away] = [await testControlPlane(), await testControlPlane()];
    await away.stop();
    const urls = [away.identity.controlPlaneUrl, plane.identity.controlPlaneUrl];
    expect((await enrol(plane.joinToken({ urls }), limits)).nodeId).toBe("staging-edge");
  });
});

describe("the token is told to nobody but the control plane that it names", () => {
  test("not to one with another CA, whatever it says of itself", async () => {
    const [plane, impostor] = [await testControlPlane(), await testControlPlane()];
    const token = plane.joinToken({ urls: [impostor.identity.controlPlaneUrl] });
    expect(await refusalOf(enrol(token, limits))).toContain("is not the control plane of the token");
    expect(impostor.secretsShown).toEqual([]);
  });

  test.each([
    ["", undefined],
    [", where the environment has Node check none either", "0"],
  ])("not to one that shows the right CA beside a certificate of another%s", async (_where, checks) => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", checks);
    onTestFinished(() => void vi.unstubAllEnvs());
    const [plane, impostor] = [await testControlPlane(), await testControlPlane()];
    await impostor.stop();
    Object.assign(impostor.port.tls, { cert: impostor.port.tls.cert + plane.port.portCa.pem });
    await impostor.start();
    const token = plane.joinToken({ urls: [impostor.identity.controlPlaneUrl] });
    await refusalOf(enrol(token, limits));
    expect(impostor.secretsShown).toEqual([]);
  });

  test("not to a server of another name, with a certificate by the right CA", async () => {
    const plane = await testControlPlane();
    await plane.stop();
    const other = plane.port.portCa.server("other.example", { subjectAltName: [{ dns: "other.example" }] });
    Object.assign(plane.port.tls, { cert: other.pem + plane.port.portCa.pem, key: other.privateKeyPem });
    await plane.start();
    expect(await refusalOf(enrol(plane.joinToken(), limits))).toContain("does not name this address");
    expect(plane.secretsShown).toEqual([]);
  });

  test("not without TLS", async () => {
    const plane = await testControlPlane();
    const plain = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void plain.close());
    await once(plain, "listening");
    const { port } = plain.address() as { readonly port: number };
    const token = plane.joinToken({ urls: [`https://127.0.0.1:${port}`] });
    expect(await refusalOf(enrol(token, limits))).toContain("cannot be reached");
  });
});

describe("what goes wrong says what to do", () => {
  test("a text that is no token", async () => {
    expect(await refusalOf(enrol("tcmj_abc", limits))).toContain('Make one with "tcm edge token"');
  });

  test("a token that was used, in the words of the control plane", async () => {
    const plane = await testControlPlane();
    plane.refusal = { code: "join-token-refused", detail: "Used before." };
    expect(await refusalOf(enrol(plane.joinToken(), limits))).toContain("(join-token-refused): Used before.");
  });

  test.each(["garbage", "{}", ""])("an answer that is none, %j: a new token mends it", async (body) => {
    const plane = await testControlPlane();
    plane.enrolmentBody = body;
    expect(await refusalOf(enrol(plane.joinToken(), limits))).toContain("may be used up: make a new one");
  });
});

describe("the command enrol", () => {
  const silent = () => undefined;

  test("writes the identity with mode 0600, and the agent reads it", async () => {
    const plane = await testControlPlane();
    const file = join(temporaryDirectory(), "identity.json");
    const tokenFile = join(temporaryDirectory(), "token");
    writeFileSync(tokenFile, `${plane.joinToken()}\n`);
    const said: string[] = [];
    await enrolCommand(["--identity", file, "--token-file", tokenFile], (text) => said.push(text));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readIdentity(file).nodeId).toBe("staging-edge");
    expect(said.join("")).toContain("This is node staging-edge of the staging network now.");
  });

  test("leaves nothing else behind, also of runs that were killed", async () => {
    const plane = await testControlPlane();
    const directory = temporaryDirectory();
    const file = join(directory, "identity.json");
    for (const name of [`${file}.77-1.tmp`, `${file}.joining`]) writeFileSync(name, "{}");
    await enrolCommand(["--identity", file, "--token", plane.joinToken()], silent);
    expect(readdirSync(directory)).toEqual(["identity.json"]);
  });

  test("whose answer never came says so, and so does every later try with that token, and the agent's start", async () => {
    const plane = await testControlPlane();
    const file = join(temporaryDirectory(), "identity.json");
    const args = ["--identity", file, "--token", plane.joinToken()];
    plane.enrolmentBody = "";
    expect(await refusalOf(enrolCommand(args, silent))).toContain("may be used up: make a new one");
    plane.enrolmentBody = undefined;
    plane.refusal = { code: "join-token-refused", detail: "Used before." };
    for (let i = 0; i < 2; i++) {
      const words = await refusalOf(enrolCommand(args, silent));
      expect(words).toMatch(
        /^The control plane did not let this node in \(join-token-refused\): Used before\. An enrolment/,
      );
      expect(words).toContain("was cut off after its join token was shown");
    }
    expect(() => readIdentity(file)).toThrow(/does not exist\. An enrolment began here at 2.*was cut off/);
    // Another token that is refused was never used here.
    const other = plane.joinToken({ secret: "t".repeat(43) });
    expect(await refusalOf(enrolCommand(["--identity", file, "--token", other], silent))).not.toContain("cut off");
  });

  test("never overwrites an identity unless told to", async () => {
    const plane = await testControlPlane();
    const file = join(temporaryDirectory(), "identity.json");
    writeFileSync(file, "precious");
    const args = ["--identity", file, "--token", plane.joinToken()];
    expect(await refusalOf(enrolCommand(args, silent))).toContain("--replace");
    expect(readFileSync(file, "utf8")).toBe("precious");
    expect(plane.secretsShown).toEqual([]);
    await enrolCommand([...args, "--replace"], silent);
    expect(readIdentity(file).nodeId).toBe("staging-edge");
  });

  test("shows the token to nobody when the identity could not be written", async () => {
    const plane = await testControlPlane();
    const args = ["--identity", "/nowhere/identity.json", "--token", plane.joinToken()];
    expect(await refusalOf(enrolCommand(args, silent))).toContain("is not a directory in which this user may write");
    expect(plane.secretsShown).toEqual([]);
  });

  test.each([
    ["no identity", [], "--identity FILE is missing"],
    ["no token", ["--identity", "x"], "There is no join token"],
    ["two tokens", ["--identity", "x", "--token", "a", "--token-file", "b"], "are two join tokens"],
    ["a token file that is not there", ["--identity", "x", "--token-file", "/nowhere"], "cannot be read (ENOENT)"],
    ["an unknown option", ["--force"], "See enrol --help"],
  ])("refuses %s", async (_what, args, words) => {
    expect(await refusalOf(enrolCommand(args, silent))).toContain(words);
  });

  test("is a command of the agent's program, whose faults are one sentence and exit code 2", async () => {
    const plane = await testControlPlane();
    plane.refusal = { code: "join-token-refused", detail: "Used before." };
    const file = join(temporaryDirectory(), "identity.json");
    const process = spawnAgent(["enrol", "--identity", file, "--token", plane.joinToken()]);
    expect(await process.ended).toEqual([2, null]);
    expect(process.stderr()).toBe(
      "tcm: The control plane did not let this node in (join-token-refused): Used before.\n",
    );
    expect(existsSync(file)).toBe(false);
  });
});

import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@tcm/testkit";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cliMain } from "../index.ts";
import { answers, processIdOf, runNpmStart, runStart, shareStart } from "../testing/run-start.ts";
import { runTcm, testEnvironment } from "../testing/run-tcm.ts";
import { waitFor } from "../testing/wait-for.ts";

const running = shareStart();
const patient = { timeout: 120_000 };

/** Of all that listen there, how many still do. */
async function answering(addresses: readonly string[]): Promise<number> {
  return (await Promise.all(addresses.map(answers))).filter((isThere) => isThere).length;
}

describe("tcm start", () => {
  test("prints one line starting with `ready` when all three answer, and ends cleanly on SIGTERM", async () => {
    const { out, err, addresses, child, ended, data } = await runStart();
    const [api, staging, production] = addresses;
    expect(await answering(addresses)).toBe(3);
    // Where all that starts at once takes its time, its store may answer too late for one look.
    await expect.poll(async () => (await fetch(`${api}/readyz`)).status, patient).toBe(200);
    expect(statSync(data).mode & 0o077).toBe(0);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(out()).toBe(`ready  API ${api}  staging edge ${staging}  production edge ${production}\n`);
    expect(err()).toContain(`Console:  ${api}\n`);
    expect(err()).toContain(`export TCM_URL=${api}\n`);
    expect(err()).not.toMatch(/warning|error/);
    expect(await answering(addresses)).toBe(0);
    expect((await runTcm(["token", "create", "--role", "admin", "--data", data])).code).toBe(0);
  });

  test("--no-edges runs the control plane alone, which expects none", async () => {
    const data = temporaryDirectory();
    const args = ["start", "--data", data, "--port", "0", "--node-port", "0", "--no-edges"];
    const child = spawn(process.execPath, [fileURLToPath(cliMain), ...args], { env: testEnvironment() });
    const ended = once(child, "close");
    onTestFinished(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const api = /^ready {2}API (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1] ?? "";
    const token = await runTcm(["token", "create", "--role", "admin", "--data", data]);
    const nodes = await runTcm(["nodes", "--json"], { environment: { TCM_URL: api, TCM_TOKEN: token.out.trim() } });
    expect(JSON.parse(nodes.out)).toEqual({ edgeNodes: [] });
    const sets = await runTcm(["sets"], { environment: { TCM_URL: api, TCM_TOKEN: token.out.trim() } });
    expect(sets.out).toContain("No CA set yet.");
  });

  test("prints the link that makes the first administrator on a line of its own, and logs it nowhere", async () => {
    const { data, err, addresses } = running();
    await waitFor(() => err().includes("#first="));
    const [, page, secret = ""] = /^ {2}(\S+)#first=([\w-]+)$/m.exec(err()) ?? [];
    expect(page).toMatch(new RegExp(`^${addresses[0]}/`));
    expect(secret).toMatch(/^\S{20,}$/);
    expect(readFileSync(join(data, "logs", "control-plane.log"), "utf8")).not.toContain(secret);
  });

  test("hands the options of the control plane on: the API over TLS, and where others reach it", async () => {
    const options = ["--tls-self-signed", "--public-url", "https://tcm.example:7300"];
    const { data, addresses, err } = await runStart(undefined, options);
    expect(addresses[0]).toMatch(/^https:/);
    await waitFor(() => err().includes(`Console:  https://tcm.example:7300  (on this machine: ${addresses[0]})\n`));
    expect(err()).toContain("  https://tcm.example:7300/");
    await waitFor(() => err().includes(`NODE_EXTRA_CA_CERTS=${join(data, "tls", "ca.pem")}\n`));
  });

  test("starts again at once on the same directory after it was killed hard, and leaves nothing running", async () => {
    const first = await runStart();
    const token = await runTcm(["token", "create", "--role", "admin", "--data", first.data]);
    const ports = ["--port", new URL(first.addresses[0]).port, "--staging-port", new URL(first.addresses[1]).port];
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await runStart(first.data, ports);
    expect(second.addresses.slice(0, 2)).toEqual(first.addresses.slice(0, 2));
    const environment = { TCM_URL: second.addresses[0], TCM_TOKEN: token.out.trim() };
    expect((await runTcm(["sets"], { environment })).code).toBe(0);
    second.child.kill("SIGKILL");
    await second.ended;
    await expect.poll(() => answering(second.addresses), patient).toBe(0);
  });

  test.each([
    "control-plane",
    "staging-edge",
    "production-edge",
  ])("starts its %s again when that dies", async (name) => {
    const { data, err, addresses } = running();
    const first = await waitFor(() => processIdOf(data, name));
    process.kill(first, "SIGKILL");
    await waitFor(() => err().includes(`${name} is back\n`));
    // Its log is written beside the channel over which it says that it is ready.
    await waitFor(() => processIdOf(data, name) !== first);
    expect(await answering(addresses)).toBe(3);
  });
});

describe("npm start", () => {
  /** The first start in a checkout builds the console, which takes its time on a busy machine. */
  beforeAll(async () => {
    const built = spawn("npm", ["run", "--silent", "build"], { stdio: "inherit" });
    expect(await once(built, "close")).toEqual([0, null]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ends everything cleanly on %s", async (signal) => {
    const { addresses, child, ended } = await runNpmStart();
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await answering(addresses)).toBe(0);
  });

  test("leaves nothing running when npm is killed hard", async () => {
    const { addresses, child } = await runNpmStart();
    child.kill("SIGKILL");
    await expect.poll(() => answering(addresses), patient).toBe(0);
  });
});

describe("tcm start cannot start", () => {
  const anyPorts = ["--port", "0", "--node-port", "0", "--staging-port", "0", "--production-port", "0"];

  test("on a port in use: one sentence, 2, and nothing written", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const data = join(temporaryDirectory(), "data");
    const { code, out, err } = await runTcm(["start", "--data", data, ...anyPorts, "--production-port", String(port)]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe(
      `Port ${port} is in use by another process. Stop that one, or choose another port with --production-port.\n`,
    );
    expect(existsSync(data)).toBe(false);
  });

  test("on a data directory in use, and the one that uses it goes on", async () => {
    const { data, addresses } = running();
    const { code, out, err } = await runTcm(["start", "--data", data, ...anyPorts]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`The data directory ${data} is in use by another process.`);
    expect(await answering(addresses)).toBe(3);
  });

  test("on a store that cannot be read", async () => {
    const data = temporaryDirectory();
    writeFileSync(join(data, "store.sqlite"), "this is no database, and must survive the attempt");
    const { code, err } = await runTcm(["start", "--data", data, ...anyPorts]);
    expect(code).toBe(2);
    expect(err).toContain("store.sqlite is not a readable store");
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("in a directory that is a file", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    const { code, err } = await runTcm(["start", "--data", file, ...anyPorts]);
    expect(code).toBe(2);
    expect(err).toContain(`The data directory ${file} cannot be used: it is a file.`);
  });

  test("with a server certificate that is none, and then stops the others too", async () => {
    const data = temporaryDirectory();
    const certificate = join(data, "server.pem");
    writeFileSync(certificate, "no certificate");
    const files = ["--server-certificate", certificate, "--server-key", certificate];
    const { code, out } = await runTcm(["start", "--data", join(data, "data"), ...anyPorts, ...files]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const controlPlane = processIdOf(join(data, "data"), "control-plane");
    expect(controlPlane).toBeGreaterThan(0);
    expect(() => process.kill(controlPlane ?? 0, 0)).toThrow(/ESRCH/);
  });
});

describe("tcm token create", () => {
  test("prints only the token, beside a running server", async () => {
    const { data, addresses } = running();
    const beside = await runTcm(["token", "create", "--role", "viewer", "--data", data]);
    expect(beside).toEqual({ code: 0, out: expect.stringMatching(/^tcm_[A-Za-z0-9_-]{43}\n$/), err: "" });
    const environment = { TCM_URL: addresses[0], TCM_TOKEN: beside.out.trim() };
    expect((await runTcm(["status"], { environment })).code).toBe(0);
    const refused = await runTcm(["sets", "create", "partners", "--json"], { environment });
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.out)).toMatchObject({ status: 403, type: expect.stringMatching(/\/forbidden$/) });
  });

  test("refuses a directory without a store, and makes none", async () => {
    const data = join(temporaryDirectory(), "nothing");
    const { code, out, err } = await runTcm(["token", "create", "--role", "admin", "--data", data]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`There is no store in ${data}.`);
    expect(existsSync(data)).toBe(false);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { controlPlaneMain } from "@tcm/control-plane";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { runTcm, testEnvironment } from "../testing/run-tcm.ts";
import { waitFor } from "../testing/wait-for.ts";

const secret = "correct horse battery staple 1";

/** A control plane of its own over TLS, and the link that it prints for whoever started it. */
async function openControlPlane() {
  const data = temporaryDirectory();
  const args = ["--data", data, "--port", "0", "--node-port", "0", "--no-local-nodes", "--tls-self-signed"];
  const child = spawn(process.execPath, [fileURLToPath(controlPlaneMain), ...args], {
    env: testEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const link = (): string | undefined => /https:\/\/\S+#first=\S+/.exec(out)?.[0];
  await waitFor(() => link() !== undefined || child.exitCode !== null);
  return { link: link() ?? "", caFile: join(data, "tls", "ca.pem") };
}

describe("tcm login with the one-time link", () => {
  test("makes the first administrator, over TLS, once", async () => {
    const { link, caFile } = await openControlPlane();
    const directory = temporaryDirectory();
    const environment = { XDG_CONFIG_HOME: directory, NODE_EXTRA_CA_CERTS: caFile };
    const login = (name: string, input: string) =>
      runTcm(["login", "--link", link, "--name", name], { environment, input });

    expect(await login("ada", "short\n")).toMatchObject({ code: 4, out: "" });
    const made = await login("ada", `${secret}\n`);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/^ada: admin, by session, until /);
    // The login remembers its server: no address is needed.
    expect((await runTcm(["users"], { environment })).out).toMatch(/\nada +admin +password +enabled /);
    const again = await login("eve", `${secret}\n`);
    expect(again).toMatchObject({ code: 4, out: "" });
    expect(again.err).toContain("(sign-in-link-not-valid)");
    expect((await runTcm(["login", "--link", link.slice(0, -3), "--name", "eve"], { environment })).err).toContain(
      "This is no one-time link.",
    );
  });
});

describe("a stored login", () => {
  test("that is none is said, and not guessed at", async () => {
    const directory = temporaryDirectory();
    const environment = { XDG_CONFIG_HOME: directory };
    const file = join(directory, "tcm");
    writeFileSync(file, "not a directory");
    expect(await runTcm(["sets"], { environment })).toMatchObject({ code: 2, out: "" });
    expect((await runTcm(["sets"], { environment })).err).toContain("cannot be read as a login");
  });
});

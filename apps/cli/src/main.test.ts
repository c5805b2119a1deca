import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, temporaryDirectory, testPki } from "@tcm/testkit";
import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { commandPaths, quietProgram } from "./testing/quiet-program.ts";
import { runTcm } from "./testing/run-tcm.ts";

const commands = commandPaths(quietProgram());

async function explain(words: readonly string[]): Promise<{ readonly code: string; readonly out: string }> {
  let out = "";
  const code = await quietProgram((text) => (out += text))
    .parseAsync([...words, "--help"], { from: "user" })
    .then(
      () => "went on",
      (error: unknown) => (error instanceof CommanderError ? error.code : String(error)),
    );
  return { code, out };
}

describe("help", () => {
  test("names every command", async () => {
    const { code, out } = await runTcm(["--help"]);
    expect(code).toBe(0);
    for (const [name = ""] of commands) expect(out).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });

  test("explains every command", async () => {
    expect(commands.length).toBeGreaterThan(60);
    for (const words of commands) {
      const { code, out } = await explain(words);
      expect(code).toBe("commander.helpDisplayed");
      expect(out).toContain(`Usage: tcm ${words.join(" ")}`);
    }
  });

  test("says which options are required", async () => {
    expect((await explain(["rollback"])).out).toMatch(/--network <network>[^-]*\(required\)/);
  });

  test("--version prints the version", async () => {
    expect(await runTcm(["--version"])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: "" });
  });

  test("is shown, as an error, when no command is given", async () => {
    const { code, out, err } = await runTcm([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: tcm");
  });
});

describe("a command line that is wrong", () => {
  test("suggests the command that was meant", async () => {
    expect(await runTcm(["deplyo", "partners"])).toEqual({
      code: 2,
      out: "",
      err: "error: unknown command 'deplyo'\n(Did you mean deploy?)\n(--help explains it)\n",
    });
  });

  test.each([
    ["no token", ["sets"], "No token."],
    ["a token with a line break", ["sets", "--token", "a\nb"], "The token has characters that no token has."],
    ["an address that is none", ["sets", "--url", "7300", "--token", "t"], '"7300" is no address of a server.'],
    ["a token in clear over the network", ["sets", "--url", "http://tcm.example", "--token", "t"], "Use https://"],
    ["a version that is none", ["deploy", "partners@latest", "--token", "t"], '"latest" is no version number.'],
    [
      "an unknown network",
      ["deploy", "partners", "--network", "prod"],
      "Allowed choices are staging, production, both.",
    ],
    ["a rollback without a network", ["rollback", "partners", "--token", "t"], "--network"],
    [
      "a port that is none",
      ["start", "--port", "70000"],
      '--port: port (--port, TCM_PORT) takes a whole number from 0 to 65535, not "70000".',
    ],
    [
      "a time limit that is none, before anything is asked of a server",
      ["deploy", "partners", "--wait", "--timeout", "soon", "--token", "t", "--url", "http://127.0.0.1:9"],
      '"soon" is no time limit.',
    ],
    [
      "half a server certificate",
      ["start", "--server-key", "k.pem"],
      "needs serverCertificate (--server-certificate, TCM_SERVER_CERTIFICATE) too",
    ],
    ["a role that is none", ["token", "create", "--role", "root"], "Allowed choices are viewer,"],
  ])("is refused with 2 and one sentence: %s", async (_, args, sentence) => {
    const { code, out, err } = await runTcm(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("a control plane that is not there", () => {
  test("is said with the address and what to do, and 5", async () => {
    const [port] = await freePorts(1);
    const environment = { TCM_URL: `http://127.0.0.1:${port}`, TCM_TOKEN: "tcm_x" };
    expect(await runTcm(["status"], { environment })).toEqual({
      code: 5,
      out: "",
      err: `Cannot reach the control plane at http://127.0.0.1:${port} (ECONNREFUSED). Start it with "tcm start", or say where it is with --url or TCM_URL.\n`,
    });
  });
});

describe("a private key among the certificates", () => {
  test("is refused before anything is sent, with its file and line", async () => {
    const directory = temporaryDirectory();
    const root = testPki().root("Partner Root");
    writeFileSync(join(directory, "partners.pem"), root.pem + root.privateKeyPem);
    const [port] = await freePorts(1);
    // Nobody listens there: an attempt to send anything would end with 5.
    const environment = { TCM_URL: `http://127.0.0.1:${port}`, TCM_TOKEN: "tcm_x" };
    const { code, out, err } = await runTcm(["upload", "partners", "partners.pem"], { directory, environment });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const line = root.pem.split("\n").length;
    expect(err).toContain(`error: unexpected-pem-block  partners.pem, line ${line}\n`);
    expect(err).toMatch(/Nothing was sent\.\n$/);
  });
});

describe("shell completion", () => {
  test.each(["bash", "zsh", "fish"])("prints a script for %s", async (shell) => {
    const { code, out } = await runTcm(["completion", shell]);
    expect(code).toBe(0);
    expect(out).toContain("tcm");
  });

  test("offers commands and choices", async () => {
    expect((await runTcm(["complete", "--", "edge"])).out).toContain("edge-certificates");
    expect((await runTcm(["complete", "--", "deploy", "--network", ""])).out).toContain("staging");
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";

function configurationFile(more: Readonly<Record<string, string>>): string {
  const file = join(temporaryDirectory(), "agent.json");
  const nginx = { configuration: "/etc/nginx/nginx.conf", pidFile: "/run/nginx.pid", listeners: [] };
  writeFileSync(file, JSON.stringify({ engine: "nginx", trustDirectory: "/var/lib/tcm/trust", ...nginx, ...more }));
  return file;
}

const least = ["--identity", "i.json", "--data", "d", "--port", "0"];

describe("the command line of an agent", () => {
  test("needs identity, data directory and port", () => {
    expect(readCommandLine(least)).toEqual({
      identity: "i.json",
      data: "d",
      configuration: {
        engine: "built-in",
        host: "127.0.0.1",
        port: 0,
        serverCertificates: [],
        upstreams: {},
      },
      address: undefined,
    });
    for (const flag of [0, 2, 4]) expect(() => readCommandLine(least.toSpliced(flag, 2))).toThrow("is missing");
  });

  test("takes upstreams by hostname, in lower case", () => {
    const given = readCommandLine([
      ...least,
      "--upstream",
      "Shop.example=http://127.0.0.1:9000?a=b",
      "--upstream",
      "*.x.example=https://o.example",
    ]);
    expect(given?.configuration).toMatchObject({
      upstreams: { "shop.example": "http://127.0.0.1:9000/?a=b", "*.x.example": "https://o.example/" },
    });
  });

  test.each([
    [["--port", "65536"], "--port takes a whole number"],
    [["--port", "1e3"], "--port takes a whole number"],
    [["--upstream", "shop.example"], "--upstream takes HOST=URL"],
    [["--upstream", "=http://127.0.0.1"], "--upstream takes HOST=URL"],
    [["--upstream", "a=http://x", "--upstream", "A=http://y"], "one hostname twice"],
    [["--server-certificate", "c.pem"], "go together"],
    [["--server-key", "k.pem"], "go together"],
    [["--address", "no-port"], "--address takes HOST:PORT"],
    [["--unknown"], "See --help"],
    [["positional"], "See --help"],
  ])("refuses %j in one sentence", (args, words) => {
    expect(() => readCommandLine([...least, ...args])).toThrow(words);
  });

  test("takes engine, identity and data directory from a file, and the flags before what it says", () => {
    const file = configurationFile({ identity: "/i.json", data: "/d", address: "edge.example:443" });
    expect(readCommandLine(["--config", file])).toMatchObject({
      identity: "/i.json",
      data: "/d",
      address: "edge.example:443",
      configuration: { engine: "nginx" },
    });
    const flags = ["--identity", "other.json", "--data", "e", "--address", "h:1"];
    const given = readCommandLine(["--config", file, ...flags]);
    expect(given).toMatchObject({ identity: "other.json", data: "e", address: "h:1" });
  });

  test("takes nothing of the engine beside a file", () => {
    const file = configurationFile({ identity: "/i.json", data: "/d" });
    expect(() => readCommandLine(["--config", file, "--port", "1"])).toThrow("--port stands in the file of --config");
    expect(() => readCommandLine(["--config", configurationFile({})])).toThrow("--identity FILE is missing");
  });

  test("answers --help before it asks for anything", () => {
    expect(readCommandLine(["--help"])).toBeUndefined();
  });
});

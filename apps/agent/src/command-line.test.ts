import { describe, expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";

const least = ["--identity", "i.json", "--data", "d", "--port", "0"];

describe("the command line of an agent", () => {
  test("needs identity, data directory and port", () => {
    expect(readCommandLine(least)).toEqual({
      identity: "i.json",
      data: "d",
      host: "127.0.0.1",
      port: 0,
      serverCertificate: undefined,
      localCa: undefined,
      upstreams: new Map(),
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
    expect([...(given?.upstreams ?? [])].map(([host, url]) => `${host} ${url.href}`)).toEqual([
      "shop.example http://127.0.0.1:9000/?a=b",
      "*.x.example https://o.example/",
    ]);
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

  test("answers --help before it asks for anything", () => {
    expect(readCommandLine(["--help"])).toBeUndefined();
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "./read-configuration.ts";

const listener = { entry: "ca-set/7", host: "127.0.0.1", port: 8443, serverName: "shop.example" };
const haproxy = {
  engine: "haproxy",
  trustDirectory: "/var/lib/tcm/trust",
  runtimeSocket: "/run/haproxy.sock",
  listeners: [listener],
};
const nginx = {
  engine: "nginx",
  trustDirectory: "/var/lib/tcm/trust",
  configuration: "/etc/nginx/nginx.conf",
  pidFile: "/run/nginx.pid",
  listeners: [listener],
};

function read(value: unknown): unknown {
  const file = join(temporaryDirectory(), "agent.json");
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return readConfiguration(file);
}

describe("the configuration of an agent", () => {
  test.each([
    ["haproxy", haproxy],
    ["nginx", nginx],
    ["built-in", { engine: "built-in", host: "0.0.0.0", port: 8443, upstreams: { "a.example": "http://127.0.0.1:1" } }],
  ])("of %s is read as it stands", (_, value) => expect(read(value)).toEqual(value));

  test.each<[string, unknown, RegExp]>([
    ["another engine", { ...haproxy, engine: "envoy" }, /engine/],
    ["a field of another engine", { ...haproxy, pidFile: "/run/x" }, /pidFile/],
    ["a missing field", { ...nginx, pidFile: undefined }, /pidFile/],
    ["a relative path", { ...haproxy, runtimeSocket: "run.sock" }, /runtimeSocket: an absolute path is expected/],
    ["a directory that HAProxy cannot spell", { ...haproxy, trustDirectory: "/a b" }, /plain characters/],
    ["a path with a line feed", { ...haproxy, masterSocket: "/a\n/b" }, /masterSocket/],
    [
      "an entry that is none",
      { ...haproxy, listeners: [{ ...listener, entry: "shop" }] },
      /listeners\.0\.entry: .*"ca-set\/7"/,
    ],
    ["port 0", { ...haproxy, listeners: [{ ...listener, port: 0 }] }, /listeners\.0\.port/],
    [
      "a listener twice",
      { ...haproxy, listeners: [listener, { ...listener, entry: "ca-set/8" }] },
      /8443 shop.example twice/,
    ],
    ["no JSON", "engine: haproxy", /is not JSON/],
    ["a list", [], /the whole/],
    ["too much", " ".repeat(1024 * 1024 + 1), /is larger than/],
  ])("refuses %s in one sentence that names it", (_, value, words) => {
    expect(() => read(value)).toThrow(words);
  });

  test("tells all that is wrong at once", () => {
    expect(() => read({ engine: "nginx" })).toThrow(/trustDirectory.*listeners.*configuration.*pidFile/s);
  });

  test("says that a file does not exist", () => {
    expect(() => readConfiguration("/nowhere/agent.json")).toThrow("/nowhere/agent.json does not exist.");
  });
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfiguration } from "@tcm/api-contract";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { typeTcm } from "../testing/type-tcm.ts";

const tcm = (line: string, input = "") => typeTcm(line.split(" "), { input });

describe("tcm edge config", () => {
  test.each(["haproxy", "nginx"])("prints for %s what the linter has nothing to say against", async (engine) => {
    const printed = await tcm(`edge config --engine ${engine} --set 7 8 --upstream 127.0.0.1:9000 --json`);
    expect(printed).toMatchObject({ code: 0, err: "" });
    const { proxy, agent } = JSON.parse(printed.out) as { proxy: { text: string }; agent: unknown };
    expect(agentConfiguration.parse(agent)).toMatchObject({
      engine,
      trustDirectory: "/var/lib/tcm-agent/trust",
      listeners: [
        { entry: "ca-set/7", host: "127.0.0.1", port: 8443, serverName: "ca-set-7.tcm.internal" },
        { entry: "ca-set/8", port: 8444 },
      ],
    });
    expect(agent).toHaveProperty(engine === "haproxy" ? "handshakeSocket" : "handshakeLog");
    for (const id of [7, 8]) expect(proxy.text).toContain(`/var/lib/tcm-agent/trust/ca-set-${id}.pem`);
    expect(proxy.text).toContain("TCM1 ca-set/8 ");
    const complete = `worker_shutdown_timeout 10s;\n${proxy.text}`;
    const linted = await tcm(`edge lint --engine ${engine} -`, complete);
    expect(linted).toEqual({ code: 0, out: "Nothing to say against it.\n", err: "" });
  });

  test("prints for a built-in edge the agent's file alone", async () => {
    const printed = await tcm("edge config --engine built-in --host 0.0.0.0 --port 443 --json");
    const { proxy, agent } = JSON.parse(printed.out) as { proxy?: unknown; agent: unknown };
    expect(proxy).toBeUndefined();
    expect(agentConfiguration.parse(agent)).toMatchObject({ engine: "built-in", host: "0.0.0.0", port: 443 });
  });

  test("writes both files, and none over another", async () => {
    const directory = temporaryDirectory();
    const line = `edge config --engine haproxy --set 7 --hostname shop.example --output ${directory}`;
    expect(await tcm(line)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(directory, "haproxy.cfg"), "utf8")).toContain("tune.ssl.cachesize 0");
    expect(readFileSync(join(directory, "agent.json"), "utf8")).toContain('"serverName": "shop.example"');
    expect(await tcm(line)).toMatchObject({ code: 2, err: expect.stringContaining("haproxy.cfg is there already.") });
  });

  test.each([
    ["--engine haproxy", "Name at least one listener"],
    ["--engine haproxy --set 7 8 --hostname a.example", "--hostname goes with one listener"],
    ["--engine nginx --edge-certificate x", "no id of an edge certificate"],
    ["--engine nginx --set 7 --port 0", "a whole number from 1 to 65535"],
    ["--engine nginx --set 7 --hostname a.example;ssl_verify_client", "cannot stand in a proxy's configuration"],
    ["--engine haproxy --set 7 --upstream 127.0.0.1:1\nbind", "cannot stand in a proxy's configuration"],
    ["--engine nginx --set 7 --certificate /c.pem;}", "cannot stand in a proxy's configuration"],
  ])("%s is refused in words", async (options, words) => {
    const answer = await tcm(`edge config ${options}`);
    expect(answer.code).toBe(2);
    expect(answer.err).toContain(words);
  });
});

describe("tcm edge lint", () => {
  test("answers no where a removal could not be verified, with the line", async () => {
    const file = join(temporaryDirectory(), "haproxy.cfg");
    writeFileSync(
      file,
      "global\n  tune.ssl.cachesize 0\nfrontend f\n  bind :443 ssl crt c ca-file x verify required\n",
    );
    const answer = await tcm(`edge lint --engine haproxy --engine-version 2.6.12 --json ${file}`);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.out)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: "resumption-outlives-removal", severity: "blocks-proof", line: 4 }),
      ]),
    });
    expect((await tcm(`edge lint --engine haproxy ${file}`)).out).toMatch(/^LINE .*\n4 .*blocks-proof/);
  });
});

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigurationFault } from "@tcm/api-contract";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { parseConfig } from "./config-file.ts";
import { misspeltVariables, readConfiguration, renderFaults } from "./read-configuration.ts";
import { renderConfiguration, renderDefaultFile } from "./render-configuration.ts";

function written(text: string, mode = 0o600): string {
  const file = join(temporaryDirectory(), "tcm.yaml");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

function faultsOf(text: string, mode?: number): readonly string[] {
  const file = written(text, mode);
  const configured = readConfiguration({ config: file }, {});
  return configured.ok ? [] : linesOf(configured.faults, file);
}

function linesOf(faults: readonly ConfigurationFault[], file: string): readonly string[] {
  return renderFaults(faults).replaceAll(file, "F").split("\n");
}

describe("settings from a file", () => {
  test.each([
    ["YAML", "port: 9300\nedges: false\nlimits: { caSets: 5 }\nupstream: [a=http://b, c=http://d]\n"],
    ["JSON", '{"port": 9300, "edges": false, "limits": "caSets=5", "upstream": {"a": "http://b", "c": "http://d"}}'],
  ])("come as %s", (_kind, text) => {
    const configured = readConfiguration({ config: written(text) }, {});
    expect(configured).toMatchObject({
      ok: true,
      values: { port: 9300, edges: false, limits: { caSets: 5 }, upstream: "a=http://b c=http://d" },
    });
  });

  test("flags come first, then variables, then the file, which a variable may name", () => {
    const TCM_CONFIG = written("port: 1\nnodePort: 2\ndrain: 3\n");
    const configured = readConfiguration(
      { port: "11", edges: true },
      { TCM_CONFIG, TCM_PORT: "12", TCM_NODE_PORT: "22" },
    );
    expect(configured).toMatchObject({ values: { port: 11, nodePort: 22, drain: 3, edges: true } });
    expect(configured.given).toMatchObject({
      port: { place: "--port" },
      nodePort: { place: "TCM_NODE_PORT" },
      drain: { place: `${TCM_CONFIG}:3:1` },
    });
    expect(configured.given.edges).toBeUndefined();
  });

  const all = "All of them: tcm config print-default";
  const port = "port (--port, TCM_PORT)";

  test.each<[string, readonly string[]]>([
    ["", []],
    ["# nothing\n", []],
    ["- port\n", ["F: holds no settings. Write one a line, such as port: 7300."]],
    ["prot: 1\n", [`F:1:1: "prot" is no setting. Did you mean port? ${all}`]],
    ["node-port: 1\n", [`F:1:1: "node-port" is no setting. Did you mean nodePort? ${all}`]],
    ["TCM_TLS_CERTS: a\n", [`F:1:1: "TCM_TLS_CERTS" is no setting. Did you mean tlsCert? ${all}`]],
    ["port: 1\nconsole: /x\n", [`F:2:1: "console" is no setting. ${all}`]],
    ["port: [1]\n", [`F:1:1: ${port} has a value of a kind that it cannot have.`]],
    [
      "oidcRoles: { 'a,b=admin,c': viewer }\n",
      ["F:1:1: oidcRoles (--oidc-roles, TCM_OIDC_ROLES) has a value of a kind that it cannot have."],
    ],
    [
      "z: &a 1\nport: *a\n",
      [`F:1:1: "z" is no setting. ${all}`, `F:2:1: ${port} has a value of a kind that it cannot have.`],
    ],
    ["port: 1\nport: 2\n", ["F:2:1: The key is there a second time."]],
    [
      "drain: soon\nprt: 1\nport: 70000\n",
      [
        'F:1:1: drain (--drain, TCM_DRAIN) takes a whole number from 0 to 3600, not "soon".',
        `F:2:1: "prt" is no setting. Did you mean port? ${all}`,
        `F:3:1: ${port} takes a whole number from 0 to 65535, not "70000".`,
      ],
    ],
  ])("%j", (text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test.each([
    "oidcClientSecret: !hunter2 x\n",
    'oidcClientSecret: "\\hunter2"\n',
    "oidcClientSecret: a\n  hunter2: b\n",
    "%hunter2\n",
    '- a\nb: c\n"hunter2"\n',
    "database: { hunter2: 1 }\n",
    "database: postgre://u:hunter2@h/d\n",
    "operatorKey: '!hunter2!'\n",
  ])("no secret is in what is said about %j", (text) => {
    expect(faultsOf(text)).not.toEqual([]);
    expect(faultsOf(text).join("\n")).not.toContain("hunter2");
  });

  test("faults of all sources are told at once: flags, then variables, then the file by its lines", () => {
    const file = written("limits: none\nnodePort: x\nhost: me\n");
    const configured = readConfiguration({ config: file, drain: "soon" }, { TCM_DATABASE: "h", TCM_HOST: "you" });
    if (configured.ok) throw new Error("It has faults.");
    expect(linesOf(configured.faults, file).map((line) => line.replace(/ \(.*/, ""))).toEqual([
      "--drain: drain",
      "TCM_DATABASE: database",
      "TCM_HOST: host",
      "F:1:1: limits",
      "F:2:1: nodePort",
    ]);
  });

  test("one that is not there or too large is a fault", () => {
    expect(readConfiguration({ config: "/nowhere/tcm.yaml" }, {})).toMatchObject({
      ok: false,
      faults: [{ place: "/nowhere/tcm.yaml", message: "cannot be read (ENOENT)." }],
    });
    expect(faultsOf("#".repeat(65_537))).toEqual(["F: is larger than 64 KiB."]);
  });

  test("one with secrets is for its owner alone", () => {
    const text = "database: postgres://u:hunter2@h/d\n";
    expect(faultsOf(text)).toEqual([]);
    expect(faultsOf(text, 0o640)).toEqual([expect.stringMatching(/^F:1:1: database .* is a secret.*chmod 600/)]);
    expect(faultsOf("upstream: a=http://u:hunter2@h\n", 0o604)).toEqual([expect.stringMatching(/chmod 600/)]);
    expect(faultsOf("database: postgres://u@h/d\n", 0o644)).toEqual([]);
  });
});

describe("a variable that nobody reads", () => {
  test("is told when a setting has nearly its name, and left alone else", () => {
    const environment = { TCM_NODE_PROT: "1", TCM_PORT: "1", TCM_TOKEN: "x", TCM_URL: "y", TCM_CONFIG: "z", PROT: "1" };
    expect(misspeltVariables(environment)).toEqual([
      "TCM_NODE_PROT is not read: no setting has that name. Did you mean TCM_NODE_PORT?",
    ]);
  });
});

describe("the configuration as it is shown", () => {
  test("has every value with its source, and no secret", () => {
    const environment = { TCM_DATABASE: "postgres://u:hunter2@h/d", TCM_OPERATOR_KEY: "aHVudGVyMg==" };
    const shown = renderConfiguration(readConfiguration({ port: "1" }, environment));
    expect(shown).toMatch(/^port +1 {2}\(--port\)$/m);
    expect(shown).toMatch(/^nodePort +7301 {2}\(default\)$/m);
    expect(shown).toMatch(/^operatorKey +\(hidden\) {2}\(TCM_OPERATOR_KEY\)$/m);
    expect(shown).toMatch(/^database +postgres:\/\/u:hidden@h\/d {2}\(TCM_DATABASE\)$/m);
    expect(shown).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  test("the file with the defaults changes nothing, uncommented neither, and is what the page shows", () => {
    const text = renderDefaultFile();
    expect(parseConfig("f", text)).toEqual({ settings: {}, faults: [] });
    const on = text.replaceAll(/^# (\w+: .+)$/gm, "$1");
    expect(readConfiguration({ config: written(on) }, {})).toMatchObject({ ok: true });
    const page = readFileSync(join(import.meta.dirname, "../../../../docs/operations/configuration.md"), "utf8");
    expect(page).toContain(`\`\`\`yaml\n${text}\`\`\``);
  });
});

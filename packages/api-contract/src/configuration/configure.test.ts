import { describe, expect, test } from "vitest";
import { configure, type Configured, type GivenSettings, settingsOfEnvironment } from "./configure.ts";
import { holdsSecret, shownText } from "./secret-text.ts";
import {
  describeSetting,
  flagName,
  type SettingName,
  settingNames,
  settingOf,
  typedFlag,
  variableName,
} from "./settings.ts";

function given(texts: Readonly<Record<string, string>>, place = "here"): GivenSettings {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { text, place: `${place}:${name}` }]));
}

function faultsOf(texts: Readonly<Record<string, string>>): readonly string[] {
  const configured = configure([given(texts)]);
  return textsOf(configured);
}

function textsOf(configured: Configured): readonly string[] {
  return configured.ok ? [] : configured.faults.map(({ place, message }) => `${place} ${message}`);
}

function valuesOf(...sources: readonly GivenSettings[]) {
  const configured = configure(sources);
  if (!configured.ok) throw new Error(JSON.stringify(configured.faults));
  return configured.values;
}

describe("where a setting comes from", () => {
  const [flags, environment, file] = [
    given({ port: "1" }),
    given({ port: "2", drain: "3" }),
    given({ drain: "4", nodePort: "5" }),
  ];

  test("flags come before the environment, which comes before the file, which comes before defaults", () => {
    expect(valuesOf(flags, environment, file)).toMatchObject({
      port: 1,
      drain: 3,
      nodePort: 5,
      deploymentDeadline: 600,
    });
  });

  test("the place is that of the source that won", () => {
    const { given: won } = configure([given({ port: "1" }, "flag"), given({ port: "2" }, "variable")]);
    expect(won.port).toEqual({ text: "1", place: "flag:port" });
  });

  test("a variable that is empty is not set, and one that is nobody's is left alone", () => {
    const variables = { TCM_PORT: "", TCM_NODE_PORT: "9", TCM_TOKEN: "x", PORT: "1" };
    expect(settingsOfEnvironment(variables)).toEqual({ nodePort: { text: "9", place: "TCM_NODE_PORT" } });
  });

  test("names have one spelling for each source, and no two settings share one", () => {
    expect([flagName("nodePort"), variableName("nodePort"), typedFlag("nodePort"), typedFlag("edges")]).toEqual([
      "node-port",
      "TCM_NODE_PORT",
      "--node-port",
      "--no-edges",
    ]);
    expect(new Set(settingNames.map(variableName)).size).toBe(settingNames.length);
  });
});

describe("what a setting may be", () => {
  test("every default is a value of its setting", () => {
    for (const name of settingNames) {
      const { schema, byDefault } = settingOf(name);
      if (byDefault !== undefined) expect(schema.safeParse(byDefault).success, name).toBe(true);
    }
    expect(configure([]).ok).toBe(true);
  });

  test.each<[SettingName, readonly string[], readonly string[]]>([
    ["data", ["x", "/a b"], ["", "a\0b"]],
    ["port", ["0", "65535"], ["-1", "65536", "80a", "0x50", "", "1e3", " 1"]],
    ["deploymentDeadline", ["1", "86400"], ["0", "86401", "1.5"]],
    ["announceNodes", ["1", "10000"], ["0", "10001", "all"]],
    ["announceSeconds", ["1", "600"], ["0", "601", "0.5"]],
    ["drain", ["0", "3600"], ["3601", "soon"]],
    ["edges", ["true", "false"], ["yes", "TRUE", ""]],
    ["database", ["postgres://u@h/d", "postgresql://h/d"], ["h/d", "http://h", ""]],
    ["host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"], ["example.com", "127.1", "127.0.0.1:80", ""]],
    [
      "publicUrl",
      ["https://tcm.example:7300", "http://127.0.0.1:1"],
      ["http://tcm.example", "https://a/b", "ftp://a", "a"],
    ],
    ["oidcIssuer", [], ["http://idp.example", "idp", ""]],
    ["limits", ["caSets=5", ""], ["caSets=0", "caSets=10001", "sets=1", "caSets"]],
    ["upstream", ["a=http://b", "a=https://b c=http://d/e"], ["a", "a=b", "a=ftp://b", ""]],
    ["operatorKey", [], ["!", ""]],
    ["operatorKeyCommand", ["vault read -field=key secret/tcm"], ["", "a\0b"]],
  ])("%s", (name, fine, wrong) => {
    for (const text of fine) expect(faultsOf({ [name]: text }), text).toEqual([]);
    for (const text of wrong) expect(faultsOf({ [name]: text }).length, text).toBeGreaterThan(0);
  });

  test("every fault is told, with its place, its setting, the value, and what would be right", () => {
    const configured = configure([given({ port: "70000", drain: "soon" })]);
    expect(configured).toMatchObject({
      faults: [
        { place: "here:port", setting: "port", message: 'takes a whole number from 0 to 65535, not "70000".' },
        { place: "here:drain", setting: "drain", message: 'takes a whole number from 0 to 3600, not "soon".' },
      ],
    });
  });

  test("faults come in the order of the sources, and of the settings there", () => {
    const sources = [given({ drain: "soon" }, "flag"), given({ host: "me", port: "x" }, "file")];
    const places = ["flag:drain", "file:host", "file:port"];
    expect(textsOf(configure(sources)).map((text) => text.split(" ")[0])).toEqual(places);
  });

  test("a setting is named as it is spelled in a file, on the command line and in the environment", () => {
    expect(settingNames.map(describeSetting)).toEqual(
      expect.arrayContaining([
        "nodePort (--node-port, TCM_NODE_PORT)",
        "edges (--no-edges, TCM_EDGES)",
        "operatorKey (TCM_OPERATOR_KEY)",
      ]),
    );
  });
});

describe("what is secret", () => {
  test.each<[SettingName, string, string]>([
    ["operatorKey", "!hunter2!", "takes 32 bytes as base64."],
    ["oidcClientSecret", "hunter2".repeat(3_000), "takes the secret itself."],
    ["database", "postgre://u:hunter2@h/d", 'not "postgre://u:hidden@h/d".'],
    ["database", "postgre://u:hun/ter2@x@h/d", 'not "postgre://u:hidden@h/d".'],
    ["database", "u@h/d?sslmode=on&password=hunter2", 'not "u@h/d?sslmode=on&password=hidden".'],
    ["publicUrl", "http://u:hunter2@h", 'not "http://u:hidden@h".'],
    ["upstream", "a=ftp://u:hunter2@h b=c", 'not "a=ftp://u:hidden@h b=c".'],
    ["oidcIssuer", "http://u:hunter2@h", 'not "http://u:hidden@h".'],
  ])("is not shown when %s %j is refused", (name, text, ending) => {
    const [fault = ""] = faultsOf({ [name]: text });
    expect(fault.endsWith(ending), fault).toBe(true);
    expect(holdsSecret(name, text)).toBe(true);
  });

  test.each<[SettingName, string]>([
    ["database", "postgres://u@h/d"],
    ["upstream", "a=http://b:80 c=http://d:81/e"],
    ["publicUrl", "https://h:7300"],
  ])("is not %s %j", (name, text) => {
    expect(shownText(name, text)).toBe(text);
  });
});

describe("what goes together", () => {
  const oidc = {
    oidcIssuer: "https://idp.example",
    oidcClientId: "tcm",
    oidcClientSecret: "s",
    oidcRoles: "a=b=admin,*=viewer",
  };

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ tlsCert: "a" }, "here:tlsCert needs tlsKey (--tls-key, TCM_TLS_KEY) too."],
    [{ tlsKey: "a" }, "here:tlsKey needs tlsCert (--tls-cert, TCM_TLS_CERT) too."],
    [{ serverCertificate: "a" }, "here:serverCertificate needs serverKey (--server-key, TCM_SERVER_KEY) too."],
    [
      { tlsCert: "a", tlsKey: "b", tlsSelfSigned: "true" },
      "here:tlsSelfSigned cannot go with tlsCert (--tls-cert, TCM_TLS_CERT): take one of them.",
    ],
    [
      { oidcIssuer: oidc.oidcIssuer, oidcClientId: "tcm", oidcRoles: "*=viewer" },
      "here:oidcIssuer needs oidcClientSecret (TCM_OIDC_CLIENT_SECRET) too.",
    ],
    [{ oidcRoles: "*=viewer" }, "here:oidcRoles needs oidcIssuer (--oidc-issuer, TCM_OIDC_ISSUER) too."],
    [{ port: "7000", nodePort: "7000" }, "here:nodePort is port (--port, TCM_PORT) too. Choose another one."],
  ])("%j does not", (texts, fault) => {
    expect(faultsOf(texts)).toEqual([fault]);
  });

  test("what cannot be read is left out of it, and the rest is told beside it", () => {
    expect(faultsOf({ tlsCert: "a", tlsKey: "" })).toEqual([
      'here:tlsKey takes the path of a file or a directory, not "".',
    ]);
    expect(faultsOf({ tlsCert: "a", drain: "soon" })).toEqual([
      expect.stringMatching(/^here:tlsCert needs tlsKey/),
      expect.stringMatching(/^here:drain takes/),
    ]);
  });

  test("beyond loopback only TLS is spoken", () => {
    expect(faultsOf({ host: "0.0.0.0" })).toEqual([expect.stringMatching(/needs TLS/)]);
    expect(faultsOf({ host: "0.0.0.0", tlsSelfSigned: "true" })).toEqual([]);
    expect(faultsOf({ host: "0.0.0.0", tlsCert: "a", tlsKey: "b" })).toEqual([]);
  });

  test("two ports that are free ones are not the same", () => {
    expect(faultsOf({ port: "0", nodePort: "0" })).toEqual([]);
  });

  test("a provider with all that belongs to it does", () => {
    const values = valuesOf(given(oidc));
    expect(values).toMatchObject({ oidcIssuer: "https://idp.example", oidcRoleClaim: "groups" });
    expect([...(values.oidcRoles ?? [])]).toEqual([
      ["a=b", "admin"],
      ["*", "viewer"],
    ]);
  });
});

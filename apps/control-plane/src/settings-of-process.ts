import {
  type Configuration,
  configure,
  flagName,
  type GivenSettings,
  type SettingName,
  settingNames,
  settingOf,
  settingsOfEnvironment,
  typedFlag,
  variableName,
} from "@tcm/api-contract";
import { readOptions, UsageError } from "./command-line.ts";
import type { ControlPlaneOptions } from "./control-plane-options.ts";
import { givenOperatorKey } from "./keys/given-operator-key.ts";

type Options = Omit<ControlPlaneOptions, "clock" | "log" | "heartbeatIntervalMs">;

const flagged = settingNames.filter((name) => settingOf(name).of !== "start" && settingOf(name).isSecret === undefined);

const parserOptions: Readonly<Record<string, { readonly type: "string" } | { readonly type: "boolean" }>> = {
  ...Object.fromEntries(
    flagged.map((name) => [optionName(name), { type: settingOf(name).takes === undefined ? "boolean" : "string" }]),
  ),
  help: { type: "boolean" },
};

/** Flags come before the environment. Throws a UsageError with the first fault that a person has to mend. */
export function readSettings(args: readonly string[], environment: NodeJS.ProcessEnv): Options | "help" {
  const given = readOptions(parserOptions, args);
  if (given["help"] === true) return "help";
  const flags: GivenSettings = Object.fromEntries(flagged.flatMap((name) => textOf(name, given[optionName(name)])));
  if (flags.data === undefined && !environment["TCM_DATA"]) throw new UsageError("--data DIR is missing. See --help.");
  const configured = configure([flags, settingsOfEnvironment(environment)]);
  if (configured.ok) return optionsOf(configured.values);
  const [fault] = configured.faults;
  throw new UsageError(`${fault?.place} ${fault?.message}`);
}

export function settingsHelp(): string {
  const lines = flagged.map((name) => {
    const { takes = "", summary, byDefault } = settingOf(name);
    const flag = `${typedFlag(name)} ${takes}`.padEnd(30);
    return `  ${flag} ${summary}${byDefault === undefined || takes === "" ? "" : ` (${byDefault})`}\n`;
  });
  const secrets = settingNames.filter((name) => settingOf(name).isSecret).map((name) => variableName(name));
  return [
    "Usage: main.ts --data DIR\n\nThe control plane: HTTP API and node port, on loopback unless told otherwise.\n",
    '"tcm start" starts it with two edges. A variable has the name of the flag: TCM_NODE_PORT is --node-port.\n\n',
    ...lines,
    `\nBy the environment alone: ${secrets.join(", ")}\n`,
  ].join("");
}

function optionName(name: SettingName): string {
  return typedFlag(name).slice("--".length);
}

function textOf(name: SettingName, value: string | boolean | undefined): readonly (readonly [string, object])[] {
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : String(optionName(name) === flagName(name));
  return [[name, { text, place: typedFlag(name) }]];
}

function optionsOf(values: Configuration): Options {
  return {
    directory: values.data,
    database: values.database,
    operatorKey: givenOperatorKey(values),
    port: values.port,
    nodePort: values.nodePort,
    nodeAddress: values.nodeAddress,
    nodeHosts: values.nodeHost,
    nodeCertificateLifetimeMs: values.nodeCertificateHours * 3_600_000,
    localNodes: values.localNodes,
    host: values.host,
    tls: tlsOf(values),
    publicUrl: values.publicUrl,
    deploymentDeadlineMs: values.deploymentDeadline * 1_000,
    window: { size: values.announceNodes, deadlineMs: values.announceSeconds * 1_000 },
    drainMs: values.drain * 1_000,
    limits: values.limits,
    edgegridWindowMs: values.edgegridWindow * 1_000,
    oidc: oidcOf(values),
    consoleDirectory: values.console,
  };
}

function tlsOf({ tlsCert, tlsKey, tlsSelfSigned }: Configuration): ControlPlaneOptions["tls"] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return tlsSelfSigned ? "self-signed" : undefined;
}

function oidcOf(values: Configuration): ControlPlaneOptions["oidc"] {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, oidcRoles: roles } = values;
  // They come together or not at all: the configuration was checked for it.
  if (issuer === undefined || clientId === undefined || clientSecret === undefined || roles === undefined)
    return undefined;
  return { issuer, clientId, clientSecret, roles, roleClaim: values.oidcRoleClaim };
}

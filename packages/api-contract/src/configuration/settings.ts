import { isHost, parseNodeHosts, publicUrlFault } from "./listening.ts";
import { parseLimits } from "./limits.ts";
import { isUsableIssuer, parseOidcRoles } from "./oidc-roles.ts";
import { file, parsed, port, type SettingSchema, textWith, wholeNumber, yesOrNo } from "./setting-syntax.ts";

export type Setting = {
  /** Whose it is: the control plane's alone, `tcm start`'s alone, or both know it. */
  readonly of: "control-plane" | "start" | "both";
  /** What is shown for its value in the help. Undefined: `true` or `false`, and the flag has no value. */
  readonly takes?: string;
  readonly summary: string;
  readonly schema: SettingSchema;
  readonly byDefault?: string;
  /** Hidden whenever the configuration is shown, and never on a command line, which every user of the machine can read. */
  readonly isSecret?: true;
  /** Between several values in one text; a file may have a list or a mapping instead. */
  readonly separator?: "," | " ";
};

/**
 * Everything that `tcm start` and the control plane can be told, once: `nodePort` is `--node-port` on the command line,
 * `TCM_NODE_PORT` in the environment and `nodePort` in a file.
 */
export const settings = {
  data: {
    of: "both",
    takes: "<dir>",
    summary: "data directory, made when missing",
    schema: file,
    byDefault: "./.tcm",
  },
  port: { of: "both", takes: "<n>", summary: "HTTP API; 0: any free port", schema: port, byDefault: "7300" },
  nodePort: { of: "both", takes: "<n>", summary: "nodes connect here", schema: port, byDefault: "7301" },
  nodeAddress: {
    of: "both",
    takes: "<address>",
    summary: "address on which nodes connect, by mutual TLS in any case",
    schema: textWith(isHost, "takes an IP address or localhost"),
    byDefault: "127.0.0.1",
  },
  nodeHost: {
    of: "both",
    takes: "<name,...>",
    summary:
      "names or addresses by which nodes of other machines reach it, and the other control planes on the database",
    schema: parsed(parseNodeHosts, "takes host names or IP addresses, 16 at most"),
    separator: ",",
  },
  nodeCertificateHours: {
    of: "both",
    takes: "<n>",
    summary: "how long the certificate of a node is good; it is renewed at half of that",
    schema: wholeNumber(1, 2_160),
    byDefault: "168",
  },
  stagingPort: { of: "start", takes: "<n>", summary: "staging edge", schema: port, byDefault: "7443" },
  productionPort: { of: "start", takes: "<n>", summary: "production edge", schema: port, byDefault: "8443" },
  edges: {
    of: "start",
    summary: "a staging and a production edge of its own; without, the control plane alone",
    schema: yesOrNo,
    byDefault: "true",
  },
  upstream: {
    of: "start",
    takes: "<host=url...>",
    summary: "where the edges send the accepted requests for a hostname",
    schema: textWith(
      (text) => text.split(" ").every((pair) => /^[^=\s]+=https?:\/\/\S+$/.test(pair)),
      "takes HOST=URL",
    ),
    separator: " ",
  },
  serverCertificate: {
    of: "start",
    takes: "<file>",
    summary: "server certificate of the edges, PEM; without, from a local CA",
    schema: file,
  },
  serverKey: { of: "start", takes: "<file>", summary: "its private key, PEM", schema: file },
  database: {
    of: "both",
    takes: "<url>",
    summary: "PostgreSQL instead of the store in the data directory",
    schema: textWith(
      (text) => /^postgres(ql)?:\/\//.test(text),
      "takes a URL such as postgres://user@host:5432/database",
    ),
  },
  host: {
    of: "both",
    takes: "<address>",
    summary: "address of the HTTP API; any but loopback needs TLS",
    schema: textWith(isHost, "takes an IP address or localhost"),
    byDefault: "127.0.0.1",
  },
  tlsCert: { of: "both", takes: "<file>", summary: "certificate chain of the HTTP API, PEM", schema: file },
  tlsKey: { of: "both", takes: "<file>", summary: "its private key, PEM", schema: file },
  tlsSelfSigned: {
    of: "both",
    summary: "its certificate comes from a CA of the data directory: have clients trust DIR/tls/ca.pem",
    schema: yesOrNo,
    byDefault: "false",
  },
  publicUrl: {
    of: "both",
    takes: "<url>",
    summary: "where clients reach the HTTP API, when it is not where it listens",
    schema: textWith(() => true, "takes a URL").superRefine((text, context) => {
      const message = publicUrlFault(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
  },
  deploymentDeadline: {
    of: "both",
    takes: "<seconds>",
    summary: "when a deployment ends though nodes are behind",
    schema: wholeNumber(1, 86_400),
    byDefault: "600",
  },
  announceNodes: {
    of: "both",
    takes: "<n>",
    summary: "how many nodes of a network are told of changes at a time",
    schema: wholeNumber(1, 10_000),
    byDefault: "200",
  },
  announceSeconds: {
    of: "both",
    takes: "<n>",
    summary: "how long one of them may take to apply it before it counts as behind and the next is told",
    schema: wholeNumber(1, 600),
    byDefault: "10",
  },
  drain: {
    of: "both",
    takes: "<seconds>",
    summary: "how long it still serves after SIGTERM, /readyz at 503, for load balancers to see",
    schema: wholeNumber(0, 3_600),
    byDefault: "1",
  },
  limits: {
    of: "both",
    takes: "<name=n,...>",
    summary: "limits of the API: caSets, versionsPerCaSet, certificatesPerVersion, requestsPerMinute",
    schema: parsed(parseLimits, "takes NAME=N,... with known names, within bounds (docs/api)"),
    separator: ",",
    byDefault: "caSets=200,versionsPerCaSet=100,certificatesPerVersion=300,requestsPerMinute=12000",
  },
  edgegridWindow: {
    of: "both",
    takes: "<seconds>",
    summary: "how far the time of an EdgeGrid signature may be off",
    schema: wholeNumber(1, 3_600),
    byDefault: "300",
  },
  oidcIssuer: {
    of: "both",
    takes: "<url>",
    summary: "sign-in with an identity provider",
    schema: textWith(isUsableIssuer, "takes an https URL"),
  },
  oidcClientId: {
    of: "both",
    takes: "<id>",
    summary: "who we are there",
    schema: textWith(() => true, "takes a name"),
  },
  oidcRoleClaim: {
    of: "both",
    takes: "<name>",
    summary: "claim with the groups of a person",
    schema: textWith(() => true, "takes a name"),
    byDefault: "groups",
  },
  oidcRoles: {
    of: "both",
    takes: "<group=role,...>",
    summary: "roles of groups; * is everybody whom the provider lets in",
    schema: parsed(parseOidcRoles, "takes GROUP=ROLE,... with the roles viewer, editor, deployer, admin"),
    separator: ",",
  },
  oidcClientSecret: {
    of: "both",
    takes: "<text>",
    summary: "the secret of the client at the identity provider",
    schema: textWith(() => true, "takes the secret itself"),
    isSecret: true,
  },
  operatorKey: {
    of: "both",
    takes: "<base64>",
    summary: "the operator key, instead of operator.key in the data directory",
    schema: textWith((text) => /^[A-Za-z0-9+/=\s]+$/.test(text), "takes 32 bytes as base64"),
    isSecret: true,
  },
  operatorKeyCommand: {
    of: "both",
    takes: "<command>",
    summary: "prints the operator key when the control plane starts, from a vault say; run by sh, and takes no input",
    schema: textWith((text) => !text.includes("\0"), "takes a command"),
  },
  localNodes: {
    of: "control-plane",
    summary: "enrols a staging and a production edge of its own",
    schema: yesOrNo,
    byDefault: "true",
  },
  console: { of: "control-plane", takes: "<dir>", summary: "the built console, served beside the API", schema: file },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

export const settingNames = Object.keys(settings) as readonly SettingName[];

export function settingOf(name: SettingName): Setting {
  return settings[name];
}

/** `nodePort` as `node-port`. */
export function flagName(name: SettingName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `nodePort` as `TCM_NODE_PORT`. */
export function variableName(name: SettingName): string {
  return `TCM_${flagName(name).toUpperCase().replaceAll("-", "_")}`;
}

/** The flag as it is typed; what is on unless told otherwise has `--no-`. */
export function typedFlag(name: SettingName): string {
  const { takes, byDefault } = settingOf(name);
  return `--${takes === undefined && byDefault === "true" ? "no-" : ""}${flagName(name)}`;
}

/** Every name that it goes by: `nodePort (--node-port, TCM_NODE_PORT)`. The first is its key in a file. */
export function describeSetting(name: SettingName): string {
  const { isSecret } = settingOf(name);
  return `${name} (${isSecret ? "" : `${typedFlag(name)}, `}${variableName(name)})`;
}

import { parseArgs } from "node:util";
import type { AgentConfiguration } from "@tcm/api-contract";
import { readConfiguration } from "./configuration/read-configuration.ts";
import { StartError } from "./start-error.ts";

export const help = `Usage: tcm-agent --identity FILE --data DIR --config FILE
       tcm-agent --identity FILE --data DIR --port N [options of the built-in edge]
       tcm-agent enrol --identity FILE --token-file FILE

Keeps one engine at the signed manifest of its network: HAProxy, nginx or the built-in edge.

  --config FILE               engine and listeners, JSON; "tcm edge config" prints one
  --identity FILE             who this node is, written at its enrolment, mode 0600 ("identity" of --config)
  --data DIR                  data directory, made when missing ("data" of --config)
  --address HOST:PORT         where clients reach this node, for showing

Built-in edge, without --config:
  --host H                    address to listen on (127.0.0.1)
  --port N                    port to listen on, 0 for any free one
  --server-certificate FILE   certificate chain shown to clients, PEM
  --server-key FILE           its private key, PEM
  --local-ca DIR              CA for hostnames without a certificate of their own (DIR/local-ca of --data)
  --upstream HOST=URL         where the requests of a hostname go; may be repeated
`;

const flags = {
  config: { type: "string" },
  identity: { type: "string" },
  data: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  "server-certificate": { type: "string" },
  "server-key": { type: "string" },
  "local-ca": { type: "string" },
  upstream: { type: "string", multiple: true },
  address: { type: "string" },
  help: { type: "boolean" },
} as const;

export type CommandLine = {
  readonly identity: string;
  readonly data: string;
  readonly address: string | undefined;
  /** Which engine, and how it is reached. */
  readonly configuration: AgentConfiguration;
};

/** Undefined: help is asked for. Throws a StartError that says what is wrong. */
export function readCommandLine(args: readonly string[]): CommandLine | undefined {
  const given = parse(args);
  if (given.help === true) return undefined;
  const file = given.config === undefined ? undefined : configurationOf(given.config, given);
  const identity = given.identity ?? file?.identity;
  const data = given.data ?? file?.data;
  const address = given.address ?? file?.address;
  if (identity === undefined) throw new StartError("--identity FILE is missing. See --help.");
  if (data === undefined) throw new StartError("--data DIR is missing. See --help.");
  if (address !== undefined && !/^\S{1,280}:\d{1,5}$/.test(address)) {
    throw new StartError(`--address takes HOST:PORT, not "${address}".`);
  }
  return { identity, data, address, configuration: file ?? builtInOf(given) };
}

type Given = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}. See --help.`);
  }
}

const inFileAlone = ["host", "port", "server-certificate", "server-key", "local-ca", "upstream"] as const;

/** Two places for one thing would leave it open which one holds. */
function configurationOf(file: string, given: Given): AgentConfiguration {
  const flag = inFileAlone.find((name) => given[name] !== undefined);
  if (flag !== undefined) throw new StartError(`--${flag} stands in the file of --config, and not beside it.`);
  return readConfiguration(file);
}

function builtInOf(given: Given): AgentConfiguration {
  const { host = "127.0.0.1", upstream = [], "local-ca": localCa } = given;
  if (given.port === undefined) throw new StartError("--config FILE or --port N is missing. See --help.");
  const serverCertificates = readServerCertificate(given["server-certificate"], given["server-key"]);
  const upstreams = Object.fromEntries(upstream.map(readUpstream));
  if (Object.keys(upstreams).length < upstream.length) throw new StartError("--upstream names one hostname twice.");
  return {
    engine: "built-in",
    host,
    port: readPort(given.port),
    serverCertificates,
    upstreams,
    ...(localCa && { localCa }),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new StartError(`--port takes a whole number from 0 to 65535, not "${text}".`);
}

function readServerCertificate(certificate: string | undefined, key: string | undefined) {
  if (certificate !== undefined && key !== undefined) return [{ certificate, key }];
  if (certificate === undefined && key === undefined) return [];
  throw new StartError("--server-certificate and --server-key go together.");
}

/** What kind of URL an upstream may be is for the edge to say. */
function readUpstream(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  const url = equals > 0 ? URL.parse(text.slice(equals + 1)) : null;
  if (url === null) throw new StartError(`--upstream takes HOST=URL, not "${text}".`);
  return [text.slice(0, equals).toLowerCase(), url.href];
}

import { parseArgs } from "node:util";
import { StartError } from "./start-error.ts";

export const help = `Usage: main.ts --identity FILE --data DIR --host H --port N [options]

Keeps one built-in edge at the signed manifest of its network. "tcm start" starts it.

  --identity FILE             who this node is, written at its enrolment, mode 0600
  --data DIR                  data directory, made when missing
  --host H                    address to listen on (127.0.0.1)
  --port N                    port to listen on, 0 for any free one
  --server-certificate FILE   certificate chain shown to clients, PEM
  --server-key FILE           its private key, PEM
  --local-ca DIR              CA for hostnames without a certificate of their own (DIR/local-ca of --data)
  --upstream HOST=URL         where the requests of a hostname go; may be repeated
  --address HOST:PORT         where clients reach this node, for showing
`;

const flags = {
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
  readonly host: string;
  readonly port: number;
  readonly serverCertificate: { readonly certificatePath: string; readonly privateKeyPath: string } | undefined;
  readonly localCa: string | undefined;
  readonly upstreams: ReadonlyMap<string, URL>;
  readonly address: string | undefined;
};

/** Undefined: help is asked for. Throws a StartError that says what is wrong. */
export function readCommandLine(args: readonly string[]): CommandLine | undefined {
  const given = parse(args);
  if (given.help === true) return undefined;
  const { identity, data, host = "127.0.0.1", upstream = [], address, "local-ca": localCa } = given;
  if (identity === undefined) throw new StartError("--identity FILE is missing. See --help.");
  if (data === undefined) throw new StartError("--data DIR is missing. See --help.");
  if (given.port === undefined) throw new StartError("--port N is missing. See --help.");
  if (address !== undefined && !/^\S{1,280}:\d{1,5}$/.test(address)) {
    throw new StartError(`--address takes HOST:PORT, not "${address}".`);
  }
  const serverCertificate = readServerCertificate(given["server-certificate"], given["server-key"]);
  const upstreams = new Map(upstream.map(readUpstream));
  if (upstreams.size < upstream.length) throw new StartError("--upstream names one hostname twice.");
  return { identity, data, host, port: readPort(given.port), serverCertificate, localCa, upstreams, address };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}. See --help.`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new StartError(`--port takes a whole number from 0 to 65535, not "${text}".`);
}

function readServerCertificate(certificatePath: string | undefined, privateKeyPath: string | undefined) {
  if (certificatePath !== undefined && privateKeyPath !== undefined) return { certificatePath, privateKeyPath };
  if (certificatePath === undefined && privateKeyPath === undefined) return undefined;
  throw new StartError("--server-certificate and --server-key go together.");
}

/** What kind of URL an upstream may be is for the edge to say. */
function readUpstream(text: string): readonly [string, URL] {
  const equals = text.indexOf("=");
  const url = equals > 0 ? URL.parse(text.slice(equals + 1)) : null;
  if (url === null) throw new StartError(`--upstream takes HOST=URL, not "${text}".`);
  return [text.slice(0, equals).toLowerCase(), url];
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltInConfiguration } from "@tcm/api-contract";
import type { CryptoPort, Network, UnixMillis } from "@tcm/core";
import { isOpenToOthers, openToOthers } from "@tcm/node-crypto";
import {
  edgeLimits,
  openBuiltInEdge,
  openLocalCa,
  readServerCertificates,
  type SeenHandshake,
  type ServerCertificates,
} from "@tcm/edge";
import type { OpenedEngine } from "./agent.ts";
import type { AgentLog } from "./agent-log.ts";
import type { CommandLine } from "./command-line.ts";
import { openProxy } from "./open-proxy.ts";
import { StartError, words } from "./start-error.ts";

export type EdgeSurroundings = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  readonly log: AgentLog;
  readonly onHandshake: (seen: SeenHandshake) => void;
};

/** Opens the engine that the configuration names. Throws a StartError that says what keeps it from opening. */
export async function openEdge(
  { configuration, data, address }: CommandLine,
  surroundings: EdgeSurroundings,
): Promise<OpenedEngine> {
  const opened =
    configuration.engine === "built-in"
      ? await openBuiltIn(configuration, data, surroundings)
      : await openProxy(configuration, surroundings);
  return address === undefined ? opened : { ...opened, address };
}

async function openBuiltIn(
  configuration: BuiltInConfiguration,
  data: string,
  surroundings: EdgeSurroundings,
): Promise<OpenedEngine> {
  const { host, port, upstreams = {} } = configuration;
  const { log } = surroundings;
  try {
    const edge = await openBuiltInEdge({
      ...surroundings,
      host,
      port,
      upstreams: new Map(Object.entries(upstreams).map(([name, url]) => [name.toLowerCase(), new URL(url)])),
      version: productVersion(),
      limits: edgeLimits,
      serverCertificates: await openServerCertificates(configuration, data, surroundings),
      log: (level, message, fields) => log[level](fields, message),
    });
    return { engine: edge, address: formatAddress(edge.address) };
  } catch (error) {
    throw new StartError(explain(error, configuration), { cause: error });
  }
}

async function openServerCertificates(
  { localCa, serverCertificates = [] }: BuiltInConfiguration,
  data: string,
  { clock, crypto }: EdgeSurroundings,
): Promise<ServerCertificates> {
  const otherwise = await openLocalCa(localCa ?? join(data, "local-ca"), { clock, crypto });
  const files = serverCertificates.map(({ certificate, key }) => ({
    certificatePath: certificate,
    privateKeyPath: key,
  }));
  if (files.length === 0) return otherwise;
  const read = await readServerCertificates(files, crypto, otherwise);
  const open = serverCertificates.find(({ key }) => isOpenToOthers(key));
  if (open !== undefined) throw new Error(`${open.key} ${openToOthers}`);
  return read;
}

function explain(error: unknown, { host, port }: BuiltInConfiguration): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use by another process. Stop that one, or choose another port.`;
  }
  if (code === "EACCES" && syscall === "listen") {
    return `Port ${port} needs more rights than this process has. Choose one above 1023.`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `${host} is not an address of this machine.`;
  return `The edge cannot be opened: ${words(error)}.`;
}

function formatAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function productVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}

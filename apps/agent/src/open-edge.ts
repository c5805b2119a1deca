import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CryptoPort, Network, UnixMillis } from "@tcm/core";
import { edgeLimits, openBuiltInEdge, openLocalCa, readServerCertificates, type ServerCertificates } from "@tcm/edge";
import type { OpenedEngine } from "./agent.ts";
import type { AgentLog } from "./agent-log.ts";
import type { CommandLine } from "./command-line.ts";
import { StartError, words } from "./start-error.ts";

export type EdgeSurroundings = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  readonly log: AgentLog;
};

/** Opens the built-in edge as the command line describes it. Throws a StartError that says what keeps it from opening. */
export async function openEdge(options: CommandLine, surroundings: EdgeSurroundings): Promise<OpenedEngine> {
  const { host, port, upstreams } = options;
  const { log } = surroundings;
  try {
    const edge = await openBuiltInEdge({
      ...surroundings,
      host,
      port,
      upstreams,
      version: productVersion(),
      limits: edgeLimits,
      serverCertificates: await openServerCertificates(options, surroundings),
      log: (level, message, fields) => log[level](fields, message),
    });
    return { engine: edge, address: options.address ?? formatAddress(edge.address) };
  } catch (error) {
    throw new StartError(explain(error, options), { cause: error });
  }
}

async function openServerCertificates(
  { data, localCa, serverCertificate }: CommandLine,
  { clock, crypto }: EdgeSurroundings,
): Promise<ServerCertificates> {
  const otherwise = await openLocalCa(localCa ?? join(data, "local-ca"), { clock, crypto });
  return serverCertificate === undefined ? otherwise : readServerCertificates([serverCertificate], crypto, otherwise);
}

function explain(error: unknown, { host, port }: CommandLine): string {
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

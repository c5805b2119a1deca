import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { CommandFailure } from "../command-failure.ts";
import { networkName } from "../deployment/network-option.ts";
import { exitCode } from "../output/exit-code.ts";
import type { EdgeAddress } from "./mtls-client.ts";

type Edges = Readonly<Record<Network, EdgeAddress>>;

/** An edge that has just started may connect in a moment. */
const patienceMs = 10_000;
const pollMs = 100;

/** A connected edge of each network, where its node says that clients reach it. */
export async function findEdges(client: ApiClient, serverCaFile: string, now: () => number): Promise<Edges> {
  for (const until = now() + patienceMs; ; await delay(pollMs)) {
    const { edgeNodes } = await client.call("listEdgeNodes", { query: { entries: "drifted" } });
    const STAGING = addressOn("STAGING", edgeNodes);
    const PRODUCTION = addressOn("PRODUCTION", edgeNodes);
    if (STAGING !== undefined && PRODUCTION !== undefined) {
      const serverCaPem = await readServerCa(serverCaFile);
      return { STAGING: { ...STAGING, serverCaPem }, PRODUCTION: { ...PRODUCTION, serverCaPem } };
    }
    if (now() < until) continue;
    const missing = networkName[STAGING === undefined ? "STAGING" : "PRODUCTION"];
    throw new CommandFailure(exitCode.problem, `No edge node is connected on ${missing}. See: tcm nodes`);
  }
}

function addressOn(network: Network, nodes: readonly EdgeNodeView[]): Omit<EdgeAddress, "serverCaPem"> | undefined {
  const node = nodes.find((candidate) => candidate.network === network && candidate.isConnected);
  const parts = /^(.+):(\d+)$/.exec(node?.address ?? "");
  const [, host, port] = parts ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

async function readServerCa(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const advice = "Say with --server-ca where the CA of the edges' server certificates is.";
    throw new CommandFailure(exitCode.usage, `Cannot read ${file}. ${advice}`, { cause });
  }
}

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type NodeIdentity, nodeIdentity } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Clock } from "../operations/actor.ts";
import { authenticateNode, enrolNode } from "../operations/enrol-node.ts";
import type { Store } from "../store/store.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** The nodes that every installation has: one built-in edge on each network, beside the control plane. */
const localNodeIds: Readonly<Record<Network, string>> = { STAGING: "staging-edge", PRODUCTION: "production-edge" };

export type LocalNodeOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
  readonly directory: string;
  readonly controlPlaneUrl: string;
};

/** Writes the identity file of each local node, mode 0600; answers where they are. A good credential is kept. */
export async function enrolLocalNodes(options: LocalNodeOptions): Promise<Readonly<Record<Network, string>>> {
  const directory = join(options.directory, "nodes");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = await Promise.all(networks.map((network) => enrolLocalNode(options, directory, network)));
  return Object.fromEntries(networks.map((network, i) => [network, files[i]])) as Record<Network, string>;
}

async function enrolLocalNode(
  { store, clock, signingKeys, controlPlaneUrl }: LocalNodeOptions,
  directory: string,
  network: Network,
): Promise<string> {
  const nodeId = localNodeIds[network];
  const file = join(directory, `${nodeId}.identity.json`);
  const { keyId, spki } = signingKeys[network];
  const known = readIdentity(file);
  const isKnown =
    known !== undefined && (await authenticateNode(store.db, known.nodeId, known.credential)) !== undefined;
  const credential = isKnown ? known.credential : (await enrolNode(store, clock, nodeId, network)).credential;
  const identity: NodeIdentity = { nodeId, network, controlPlaneUrl, credential, signingKeys: [{ keyId, spki }] };
  writeFileDurably(file, `${JSON.stringify(identity, undefined, 2)}\n`);
  return file;
}

function readIdentity(file: string): NodeIdentity | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return nodeIdentity.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

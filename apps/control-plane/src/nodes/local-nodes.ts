import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type NodeIdentity, nodeIdentity } from "@tcm/api-contract";
import { type Network, networks, type PublicSigningKey } from "@tcm/core";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Clock } from "../operations/actor.ts";
import { authenticateNode, enrolNode } from "../operations/enrol-node.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** The nodes that every installation has: one built-in edge on each network, beside the control plane. */
const localNodeIds: Readonly<Record<Network, string>> = { STAGING: "staging-edge", PRODUCTION: "production-edge" };

export type LocalNodeOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
  readonly directory: string;
  readonly controlPlaneUrl: string;
  /** Other installations have their nodes in the same store: ours get names of their own. */
  readonly isShared: boolean;
};

/** Writes the identity file of each local node, mode 0600; answers where they are. A good credential is kept. */
export async function enrolLocalNodes(options: LocalNodeOptions): Promise<Readonly<Record<Network, string>>> {
  const directory = join(options.directory, "nodes");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const suffix = options.isShared ? `-${instanceId(directory)}` : "";
  const files = await Promise.all(networks.map((network) => enrolLocalNode(options, directory, network, suffix)));
  return Object.fromEntries(networks.map((network, i) => [network, files[i]])) as Record<Network, string>;
}

async function enrolLocalNode(
  { store, clock, signingKeys, controlPlaneUrl }: LocalNodeOptions,
  directory: string,
  network: Network,
  suffix: string,
): Promise<string> {
  const fileOf = (nodeId: string): string => join(directory, `${nodeId}.identity.json`);
  const plainId = localNodeIds[network];
  // After a move to a shared store the nodes are the same ones, with the names that they had.
  const known = (await goodIdentity(store, fileOf(plainId))) ?? (await goodIdentity(store, fileOf(plainId + suffix)));
  const { nodeId, credential } = known ?? (await enrolNode(store, clock, plainId + suffix, network));
  const file = fileOf(nodeId);
  const pinned = known?.signingKeys ?? [];
  const keys = (await areOfNetwork(store, network, pinned)) ? pinned : [publicHalf(signingKeys[network])];
  const identity: NodeIdentity = { nodeId, network, controlPlaneUrl, credential, signingKeys: keys };
  writeFileDurably(file, `${JSON.stringify(identity, undefined, 2)}\n`);
  return file;
}

/** What a node pinned stays: from there on it follows every successor, and believes what it kept on its disk. */
async function areOfNetwork({ db }: Store, network: Network, pinned: NodeIdentity["signingKeys"]): Promise<boolean> {
  const rows = await db.selectFrom("signing_keys").select("key_id").where("network", "=", network).execute();
  const known = new Set(rows.map(({ key_id }) => key_id));
  return pinned.length > 0 && pinned.every(({ keyId }) => known.has(keyId));
}

function publicHalf({ keyId, spki }: PublicSigningKey): PublicSigningKey {
  return { keyId, spki };
}

async function goodIdentity(store: Store, file: string): Promise<NodeIdentity | undefined> {
  const known = readIdentity(file);
  if (known === undefined) return undefined;
  return (await authenticateNode(store.db, known.nodeId, known.credential)) === undefined ? undefined : known;
}

/** Kept with the nodes that it names. */
function instanceId(directory: string): string {
  const file = join(directory, "instance-id");
  if (!existsSync(file)) writeFileDurably(file, `${randomBytes(4).toString("hex")}\n`);
  const id = readFileSync(file, "utf8").trim();
  if (/^[0-9a-f]{8}$/.test(id)) return id;
  throw new StoreError("data-directory-unusable", `${file} is not what was written there. Restore it from a backup.`);
}

function readIdentity(file: string): NodeIdentity | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return nodeIdentity.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

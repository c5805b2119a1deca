import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type NodeIdentity, nodeIdentity } from "@tcm/api-contract";
import { decodePem, type Network, networks, type PublicSigningKey } from "@tcm/core";
import { generateKeyPair, privateKeyPem } from "@tcm/node-crypto";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import { issueNodeCertificate, readNodeCertificate } from "../keys/node-certificate.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import { firstGeneration } from "../manifest/write-entry.ts";
import type { Clock } from "../operations/actor.ts";
import { authenticateNode, type Enrolment, enrolNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** The nodes that every installation has: one built-in edge on each network, beside the control plane. */
const localNodeIds: Readonly<Record<Network, string>> = { STAGING: "staging-edge", PRODUCTION: "production-edge" };

export type LocalNodeOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly authorities: NodeAuthorities;
  readonly signingKeys: SigningKeys;
  readonly certificateLifetimeMs: number;
  readonly directory: string;
  readonly controlPlaneUrl: string;
  /** Other installations have their nodes in the same store: ours get names of their own. */
  readonly isShared: boolean;
};

/**
 * Writes the identity file of each local node, mode 0600; answers where they are. A good certificate is kept, with its key; a
 * node that has none, or one that ran out, is enrolled anew, since its files are ours to write.
 */
export async function enrolLocalNodes(options: LocalNodeOptions): Promise<Readonly<Record<Network, string>>> {
  const directory = join(options.directory, "nodes");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const suffix = options.isShared ? `-${instanceId(directory)}` : "";
  const files = await Promise.all(networks.map((network) => enrolLocalNode(options, directory, network, suffix)));
  return Object.fromEntries(networks.map((network, i) => [network, files[i]])) as Record<Network, string>;
}

type Credential = Pick<NodeIdentity, "certificate" | "privateKey">;

async function enrolLocalNode(
  options: LocalNodeOptions,
  directory: string,
  network: Network,
  suffix: string,
): Promise<string> {
  const { authorities, signingKeys, controlPlaneUrl } = options;
  const fileOf = (nodeId: string): string => join(directory, `${nodeId}.identity.json`);
  const plainId = localNodeIds[network];
  // After a move to a shared store the nodes are the same ones, with the names that they had.
  const nodeId = (await isOurs(options, fileOf(plainId), plainId)) ? plainId : plainId + suffix;
  const file = fileOf(nodeId);
  const credential = (await goodCredential(options, file)) ?? (await newCredential(options, nodeId, network));
  const pinned = readIdentity(file)?.signingKeys ?? [];
  const keys = (await areOfNetwork(options.store, network, pinned)) ? pinned : [publicHalf(signingKeys[network])];
  const controlPlaneCa = authorities.nodePort.pem;
  const where = { nodeId, network, controlPlaneUrl, controlPlaneCa };
  const enrolmentId = await restoredAs(options.store, network);
  const identity: NodeIdentity = { ...where, ...credential, signingKeys: keys, ...(enrolmentId && { enrolmentId }) };
  const text = `${JSON.stringify(identity, undefined, 2)}\n`;
  // The node writes its file too, when it has renewed its certificate.
  if (readText(file) !== text) writeFileDurably(file, text);
  return file;
}

/** What a node pinned stays: from there on it follows every successor, and believes what it kept on its disk. */
async function areOfNetwork({ db }: Store, network: Network, pinned: NodeIdentity["signingKeys"]): Promise<boolean> {
  const rows = await db.selectFrom("signing_keys").select("key_id").where("network", "=", network).execute();
  const known = new Set(rows.map(({ key_id }) => key_id));
  return pinned.length > 0 && pinned.every(({ keyId }) => known.has(keyId));
}

/**
 * Another one after each restore, and none before the first. A backup may be from before a rotation of the key: what the node heard
 * of it counts no more then, or it would turn down the key of the backup for good.
 */
async function restoredAs({ db }: Store, network: Network): Promise<string | undefined> {
  const query = db.selectFrom("network_generations").select("epoch").where("network", "=", network);
  const { epoch = firstGeneration.epoch } = (await query.executeTakeFirst()) ?? {};
  return epoch === firstGeneration.epoch ? undefined : `epoch-${epoch}`;
}

function publicHalf({ keyId, spki }: PublicSigningKey): PublicSigningKey {
  return { keyId, spki };
}

/** Whether the node of that name in the store is the one of this file, whatever has become of its credential. */
async function isOurs({ store, clock, authorities }: LocalNodeOptions, file: string, nodeId: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const certificate = certificateOf(readIdentity(file));
  const read = certificate && readNodeCertificate(certificate, authorities, clock());
  if (read?.subject !== undefined) return (await authenticateNode(store.db, read.subject)) !== undefined;
  const row = await store.db
    .selectFrom("edge_nodes")
    .select("enrolment_id")
    .where("id", "=", nodeId)
    .executeTakeFirst();
  // From before nodes had certificates: whoever has the file was that node.
  return row !== undefined && row.enrolment_id === null;
}

async function goodCredential(
  { store, clock, authorities }: LocalNodeOptions,
  file: string,
): Promise<Credential | undefined> {
  const identity = readIdentity(file);
  const certificate = certificateOf(identity);
  const read = certificate && readNodeCertificate(certificate, authorities, clock());
  if (identity === undefined || read?.ok !== true) return undefined;
  if ((await authenticateNode(store.db, read.subject)) === undefined) return undefined;
  return { certificate: identity.certificate, privateKey: identity.privateKey };
}

async function newCredential(
  { store, clock, authorities, certificateLifetimeMs }: LocalNodeOptions,
  nodeId: string,
  network: Network,
): Promise<Credential> {
  const from = clock();
  const enrolment: Enrolment = await enrolNode(store, clock, nodeId, network, certificateLifetimeMs);
  const { publicKey, privateKey } = generateKeyPair("p256");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const certificate = issueNodeCertificate(authorities, enrolment, spki, { from, notAfter: enrolment.notAfter });
  return { certificate, privateKey: privateKeyPem(privateKey) };
}

function certificateOf(identity: NodeIdentity | undefined): Uint8Array | undefined {
  const [block] = identity === undefined ? [] : decodePem(identity.certificate, { maxBlocks: 1 }).blocks;
  return block?.der;
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
  try {
    return nodeIdentity.safeParse(JSON.parse(readText(file) ?? "")).data;
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

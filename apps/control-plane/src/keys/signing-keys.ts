import { createPrivateKey, generateKeyPairSync, hash, type KeyObject } from "node:crypto";
import type { KeySuccessor, Network, PublicSigningKey } from "@tcm/core";
import { signEd25519 } from "@tcm/node-crypto";
import type { Selectable } from "kysely";
import { type Clock, timestamp } from "../operations/actor.ts";
import type { SigningKeysTable } from "../store/schema.ts";
import { type Queries, type Store, transaction } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { OperatorKey } from "./operator-key.ts";

/** Signs what the nodes of one network are told to serve. A network has a key of its own: staging signs nothing for production. */
export type SigningKey = PublicSigningKey & {
  /** Ed25519, base64. */
  readonly sign: (data: Uint8Array) => string;
};

/** The keys in use, by network: always those of the last `refresh`. */
export type SigningKeys = Readonly<Record<Network, SigningKey>> & {
  /** Any process on the store may have given the network another key. */
  refresh(network: Network): Promise<void>;
  /** Oldest first, the last one naming the key in use. */
  successors(network: Network): readonly KeySuccessor[];
};

type NetworkKeys = { readonly current: SigningKey; readonly successors: readonly KeySuccessor[] };

/** Makes the keys at the first start. Throws a StoreError where the operator key does not open them. */
export async function openSigningKeys(store: Store, operatorKey: OperatorKey, clock: Clock): Promise<SigningKeys> {
  const load = (network: Network): Promise<NetworkKeys> =>
    transaction(store, (queries) => loadKeys(queries, operatorKey, clock, network));
  const known = { STAGING: await load("STAGING"), PRODUCTION: await load("PRODUCTION") };
  return {
    get STAGING() {
      return known.STAGING.current;
    },
    get PRODUCTION() {
      return known.PRODUCTION.current;
    },
    successors: (network) => known[network].successors,
    refresh: async (network) => {
      const row = await keyInUse(store.db, network);
      if (row?.key_id !== known[network].current.keyId) known[network] = await load(network);
    },
  };
}

/** In one transaction: a key is never read without the word of the one before it. */
async function loadKeys(
  queries: Queries,
  operatorKey: OperatorKey,
  clock: Clock,
  network: Network,
): Promise<NetworkKeys> {
  const row = (await keyInUse(queries, network)) ?? (await makeKey(queries, operatorKey, network, timestamp(clock())));
  return { current: openSigningKey(operatorKey, row), successors: await readSuccessors(queries, network) };
}

export type SigningKeyRow = Selectable<SigningKeysTable>;

/** Undefined before the first start alone. */
export function keyInUse(queries: Queries, network: Network): Promise<SigningKeyRow | undefined> {
  return queries
    .selectFrom("signing_keys")
    .selectAll()
    .where("network", "=", network)
    .where("retired_at", "is", null)
    .orderBy("created_at", "desc")
    .executeTakeFirst();
}

export function makeKey(
  queries: Queries,
  operatorKey: OperatorKey,
  network: Network,
  at: string,
): Promise<SigningKeyRow> {
  return queries
    .insertInto("signing_keys")
    .values(newSigningKey(network, operatorKey, at))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Throws a StoreError for a key that was sealed under another operator key, or for another network. */
export function openSigningKey(operatorKey: OperatorKey, row: SigningKeyRow): SigningKey {
  const der = unseal(operatorKey, row.private_key_sealed, purposeOf(row.network, row.key_id));
  return signingKey(row.key_id, row.spki, createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }));
}

/** Oldest first. */
export async function readSuccessors(queries: Queries, network: Network): Promise<readonly KeySuccessor[]> {
  const rows = await queries
    .selectFrom("signing_key_successors as said")
    .innerJoin("signing_keys as successor", (join) =>
      join.onRef("successor.network", "=", "said.network").onRef("successor.key_id", "=", "said.successor_key_id"),
    )
    .selectAll("said")
    .select("successor.spki")
    .where("said.network", "=", network)
    .orderBy("said.epoch")
    .orderBy("said.generation")
    .execute();
  return rows.map((row) => ({
    network: row.network,
    keyId: row.key_id,
    successor: { keyId: row.successor_key_id, spki: row.spki },
    from: { epoch: row.epoch, number: row.generation },
    signature: row.signature,
  }));
}

function unseal(operatorKey: OperatorKey, sealed: string, purpose: string): Uint8Array {
  try {
    return operatorKey.open(sealed, purpose);
  } catch (cause) {
    throw new StoreError(
      "operator-key-unusable",
      "The operator key does not open the signing keys in the store. Use the key with which the store was made; every control plane on one database needs the same.",
      { cause },
    );
  }
}

function signingKey(keyId: string, spki: string, privateKey: KeyObject): SigningKey {
  return { keyId, spki, sign: (data) => Buffer.from(signEd25519(privateKey, data)).toString("base64") };
}

function newSigningKey(network: Network, operatorKey: OperatorKey, createdAt: string) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const spki = publicKey.export({ format: "der", type: "spki" });
  const keyId = hash("sha256", spki).slice(0, 16);
  const sealed = operatorKey.seal(privateKey.export({ format: "der", type: "pkcs8" }), purposeOf(network, keyId));
  return {
    network,
    key_id: keyId,
    spki: spki.toString("base64"),
    private_key_sealed: sealed,
    created_at: createdAt,
    retired_at: null,
  };
}

function purposeOf(network: Network, keyId: string): string {
  return `signing-key ${network} ${keyId}`;
}

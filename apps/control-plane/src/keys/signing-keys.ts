import { createPrivateKey, generateKeyPairSync, hash, type KeyObject } from "node:crypto";
import { type Network, networks } from "@tcm/core";
import { signEd25519 } from "@tcm/node-crypto";
import { type Clock, timestamp } from "../operations/actor.ts";
import { type Store, transaction } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { OperatorKey } from "./operator-key.ts";

/** Signs what the nodes of one network are told to serve. A network has a key of its own: staging signs nothing for production. */
export type SigningKey = {
  /** First 16 hex digits of SHA-256 of the SPKI. */
  readonly keyId: string;
  /** DER, base64. */
  readonly spki: string;
  /** Ed25519, base64. */
  readonly sign: (data: Uint8Array) => string;
};

export type SigningKeys = Readonly<Record<Network, SigningKey>>;

/** The keys in use, made at the first start. */
export async function openSigningKeys(store: Store, operatorKey: OperatorKey, clock: Clock): Promise<SigningKeys> {
  const keys = await Promise.all(networks.map((network) => openSigningKey(store, operatorKey, clock, network)));
  return Object.fromEntries(networks.map((network, i) => [network, keys[i]])) as SigningKeys;
}

async function openSigningKey(
  store: Store,
  operatorKey: OperatorKey,
  clock: Clock,
  network: Network,
): Promise<SigningKey> {
  const row = await transaction(store, async (queries) => {
    const known = await queries
      .selectFrom("signing_keys")
      .selectAll()
      .where("network", "=", network)
      .where("retired_at", "is", null)
      .orderBy("created_at", "desc")
      .executeTakeFirst();
    if (known !== undefined) return known;
    return queries
      .insertInto("signing_keys")
      .values(newSigningKey(network, operatorKey, timestamp(clock())))
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  const der = unseal(operatorKey, row.private_key_sealed, purposeOf(network, row.key_id));
  return signingKey(row.key_id, row.spki, createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }));
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

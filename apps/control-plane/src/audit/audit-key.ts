import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { signEd25519, verifyEd25519 } from "@tcm/node-crypto";
import type { OperatorKey } from "../keys/operator-key.ts";
import { type Store, transaction } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";

/** Signs heads of the chain. Sealed under the operator key: who can only write the database signs nothing. */
export type AuditKey = {
  /** Ed25519, base64. */
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
};

const name = "audit-key";

/** The key of the store, made at its first use. Throws when the operator key is another one. */
export async function openAuditKey(store: Store, operatorKey: OperatorKey): Promise<AuditKey> {
  const sealed = await transaction(store, async (queries) => {
    const row = await queries.selectFrom("meta").select("value").where("key", "=", name).executeTakeFirst();
    if (row !== undefined) return row.value;
    const { privateKey } = generateKeyPairSync("ed25519");
    const value = operatorKey.seal(privateKey.export({ format: "der", type: "pkcs8" }), name);
    await queries.insertInto("meta").values({ key: name, value }).execute();
    return value;
  });
  const privateKey = unseal(operatorKey, sealed);
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return {
    sign: (text) => Buffer.from(signEd25519(privateKey, Buffer.from(text))).toString("base64"),
    verify: (text, signature) => verifyEd25519(spki, Buffer.from(text), Buffer.from(signature, "base64")),
  };
}

function unseal(operatorKey: OperatorKey, sealed: string): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(operatorKey.open(sealed, name)), format: "der", type: "pkcs8" });
  } catch (cause) {
    const message = "The operator key does not open the audit key. Use the key with which the store was made.";
    throw new StoreError("operator-key-unusable", message, { cause });
  }
}

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../store/store-error.ts";

/**
 * The one key outside the database: it seals the private keys that are inside, so that a copy of the database alone signs
 * nothing. AES-256-GCM with a fresh nonce for each secret.
 */
export type OperatorKey = {
  /** `purpose` is bound to the result: a secret sealed for one is not opened for another. */
  seal(secret: Uint8Array, purpose: string): string;
  /** Throws when the key or the purpose is another one, or the text was changed. */
  open(sealed: string, purpose: string): Uint8Array;
  /** Another key of 32 bytes, for one purpose; HKDF-SHA256. */
  derive(purpose: string): Uint8Array;
};

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const format = "v1.";

/** `given` (base64), else the key file of the data directory, which is made where there is none. */
export function openOperatorKey(directory: string, given?: string): OperatorKey {
  if (given !== undefined) return operatorKey(decodeKey(given, "The operator key of the environment"));
  const file = join(directory, "operator.key");
  createOnce(file);
  return operatorKey(readKey(file));
}

/** Like `openOperatorKey`, where a new key would be of no use. */
export function existingOperatorKey(directory: string, given?: string): OperatorKey {
  const file = join(directory, "operator.key");
  if (given !== undefined || existsSync(file)) return openOperatorKey(directory, given);
  throw new StoreError(
    "operator-key-unusable",
    `There is no operator key in ${directory}. Put it there as operator.key, mode 0600, or into TCM_OPERATOR_KEY.`,
  );
}

export function operatorKey(key: Uint8Array): OperatorKey {
  return {
    seal: (secret, purpose) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return format + sealed.toString("base64");
    },
    open: (sealed, purpose) => {
      if (!sealed.startsWith(format)) throw new Error("a sealed secret has an unknown form");
      const bytes = Buffer.from(sealed.slice(format.length), "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes));
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    },
    derive: (purpose) => new Uint8Array(hkdfSync("sha256", key, "", `trust-chain-manager ${purpose}`, keyBytes)),
  };
}

/** A link is made or it is not: a crash in between leaves no half-written key, and two starts leave one key. */
function createOnce(file: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    statSync(file);
  } catch {
    writeFileSync(fresh, `${randomBytes(keyBytes).toString("base64")}\n`, { mode: 0o600, flush: true });
    try {
      linkSync(fresh, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(fresh, { force: true });
    }
  }
}

function readKey(file: string): Uint8Array {
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0) {
    throw new StoreError(
      "operator-key-unusable",
      `${file} can be read by others. Run "chmod 600" on it, and consider it exposed.`,
    );
  }
  return decodeKey(readFileSync(file, "utf8"), file);
}

/** Whether the text is a key at all. */
export function isOperatorKey(text: string): boolean {
  return decoded(text).length === keyBytes;
}

function decoded(text: string): Uint8Array {
  return Buffer.from(text.trim(), "base64");
}

function decodeKey(text: string, where: string): Uint8Array {
  const key = decoded(text);
  if (key.length === keyBytes) return key;
  throw new StoreError(
    "operator-key-unusable",
    `${where} is not a key of ${keyBytes} bytes in base64. Put the copy that you keep of it there: backups do not hold it.`,
  );
}

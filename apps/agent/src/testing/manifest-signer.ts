import { createHash, type KeyObject } from "node:crypto";
import {
  type EntryContent,
  type EntryId,
  entryDigest,
  type Generation,
  type KeySuccessor,
  type ManifestEntry,
  type Network,
  type PublicSigningKey,
  type SignedManifestEntry,
  signedBytes,
  successorBytes,
} from "@tcm/core";
import { generateKeyPair, nodeCrypto, signEd25519 } from "@tcm/node-crypto";

type KeyPair = ReturnType<typeof generateKeyPair>;

/** Signs manifest entries for one node, and the words of one key for the next. */
export class ManifestSigner {
  readonly network: Network;
  readonly nodeId: string;
  /** The words of the keys that signed before, oldest first. */
  readonly successors: KeySuccessor[] = [];
  #keys = generateKeyPair("ed25519");
  #number = 0;

  constructor(network: Network, nodeId: string) {
    this.network = network;
    this.nodeId = nodeId;
  }

  get publicKey(): PublicSigningKey {
    return publicHalf(this.#keys);
  }

  /** The word of the present key for another; it does not take over by itself. */
  successor(keys = generateKeyPair("ed25519"), changes: Partial<KeySuccessor> = {}): KeySuccessor {
    const said = {
      network: this.network,
      keyId: this.publicKey.keyId,
      successor: publicHalf(keys),
      from: { epoch: 1, number: ++this.#number },
    };
    const signature = Buffer.from(signEd25519(this.#keys.privateKey, successorBytes(said))).toString("base64");
    return { ...said, signature, ...changes };
  }

  /** Another key signs from now on. */
  takeOver(keys = generateKeyPair("ed25519")): KeySuccessor {
    const said = this.successor(keys);
    this.#keys = keys;
    this.successors.push(said);
    return said;
  }

  entry(entryId: EntryId, content: EntryContent | null, generation?: Generation): ManifestEntry {
    this.#number = Math.max(this.#number + 1, generation?.number ?? 0);
    const { network } = this;
    const digest = entryDigest(content, nodeCrypto);
    return { network, entryId, generation: generation ?? { epoch: 1, number: this.#number }, content, digest };
  }

  sign(entry: ManifestEntry, nodeId = this.nodeId, privateKey: KeyObject = this.#keys.privateKey): SignedManifestEntry {
    const signature = Buffer.from(signEd25519(privateKey, signedBytes(entry, nodeId))).toString("base64");
    return { entry, nodeId, keyId: this.publicKey.keyId, signature };
  }
}

function publicHalf({ publicKey }: Pick<KeyPair, "publicKey">): PublicSigningKey {
  const spki = publicKey.export({ format: "der", type: "spki" });
  return { keyId: createHash("sha256").update(spki).digest("hex").slice(0, 16), spki: spki.toString("base64") };
}

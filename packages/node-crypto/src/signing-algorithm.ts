import { constants } from "node:crypto";
import { encodeDerElement, encodeOid, encodeSequence, encodeSmallInteger } from "@tcm/core";

export type SigningAlgorithm =
  | "rsa-md5"
  | "rsa-sha1"
  | "rsa-sha256"
  | "rsa-sha384"
  | "rsa-sha512"
  | "rsa-pss-sha256"
  | "ecdsa-sha1"
  | "ecdsa-sha256"
  | "ecdsa-sha384"
  | "ecdsa-sha512"
  | "ed25519"
  | "ed448";

type Parameters = {
  /** AlgorithmIdentifier, DER. */
  readonly identifier: Uint8Array;
  readonly hash: string | null;
  readonly options: { readonly padding?: number; readonly saltLength?: number };
};

const derNull = Uint8Array.of(5, 0);

/** RFC 4055, RFC 5758, RFC 8410. The broken hashes are here so that tests can show that they are refused. */
export const signingAlgorithms: Readonly<Record<SigningAlgorithm, Parameters>> = {
  "rsa-md5": pkcs1("1.2.840.113549.1.1.4", "md5"),
  "rsa-sha1": pkcs1("1.2.840.113549.1.1.5", "sha1"),
  "rsa-sha256": pkcs1("1.2.840.113549.1.1.11", "sha256"),
  "rsa-sha384": pkcs1("1.2.840.113549.1.1.12", "sha384"),
  "rsa-sha512": pkcs1("1.2.840.113549.1.1.13", "sha512"),
  "rsa-pss-sha256": pss(),
  "ecdsa-sha1": bare("1.2.840.10045.4.1", "sha1"),
  "ecdsa-sha256": bare("1.2.840.10045.4.3.2", "sha256"),
  "ecdsa-sha384": bare("1.2.840.10045.4.3.3", "sha384"),
  "ecdsa-sha512": bare("1.2.840.10045.4.3.4", "sha512"),
  ed25519: bare("1.3.101.112", null),
  ed448: bare("1.3.101.113", null),
};

function pkcs1(oid: string, hash: string): Parameters {
  return {
    identifier: encodeSequence(encodeOid(oid), derNull),
    hash,
    options: { padding: constants.RSA_PKCS1_PADDING },
  };
}

function bare(oid: string, hash: string | null): Parameters {
  return { identifier: encodeSequence(encodeOid(oid)), hash, options: {} };
}

/** RSASSA-PSS with SHA-256 for message and mask and a salt as long as the hash. */
function pss(): Parameters {
  const sha256 = encodeSequence(encodeOid("2.16.840.1.101.3.4.2.1"), derNull);
  const parameters = encodeSequence(
    encodeDerElement(0xa0, sha256),
    encodeDerElement(0xa1, encodeSequence(encodeOid("1.2.840.113549.1.1.8"), sha256)),
    encodeDerElement(0xa2, encodeSmallInteger(32)),
  );
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return { identifier: encodeSequence(encodeOid("1.2.840.113549.1.1.10"), parameters), hash: "sha256", options };
}

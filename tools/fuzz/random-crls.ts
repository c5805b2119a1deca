import { sign } from "node:crypto";
import {
  encodeBits,
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeName,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSignatureAlgorithm,
  encodeTime,
  keyPurpose,
} from "@tcm/core";
import {
  type CertificateRequest,
  generateKeyPair,
  issueCertificate,
  type KeyPair,
  keyIdentifierOf,
} from "@tcm/node-crypto";
import type { Random } from "./random.ts";

/** A root, a CA, a client, and the revocation lists of both CAs with the mistakes that real ones make. */
export type RandomCrls = {
  readonly root: Uint8Array;
  readonly issuing: Uint8Array;
  readonly leaf: Uint8Array;
  readonly crls: readonly Uint8Array[];
  readonly time: number;
};

const time = Date.UTC(2026, 5, 1) / 1000;
const day = 86_400;
const [rootKey, issuingKey, leafKey] = [generateKeyPair("p256"), generateKeyPair("p256"), generateKeyPair("p256")];
const serials = { root: 1, issuing: 2, leaf: 3, other: 4 } as const;

export function randomCrls(random: Random): RandomCrls {
  const issuingName = { O: "Fuzz", CN: "Issuing" };
  const rootName = { O: "Fuzz", CN: "Root" };
  const ca = (
    subject: CertificateRequest["subject"],
    key: KeyPair,
    issuer: CertificateRequest["subject"],
    signer: KeyPair,
    serial: number,
  ) =>
    issueCertificate({
      ...certificate(subject, key, issuer, signer, serial),
      basicConstraints: { cA: true },
      keyUsage: random.chance(0.85) ? ["keyCertSign", "cRLSign"] : ["keyCertSign"],
    });
  return {
    root: ca(rootName, rootKey, rootName, rootKey, serials.root),
    issuing: ca(issuingName, issuingKey, rootName, rootKey, serials.issuing),
    leaf: issueCertificate({
      ...certificate({ O: "Fuzz", CN: "client" }, leafKey, issuingName, issuingKey, serials.leaf),
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [keyPurpose.clientAuth],
    }),
    crls: [...lists(rootName, rootKey, random), ...lists(issuingName, issuingKey, random)],
    time,
  };
}

/** Nothing unusual happens: the client is accepted. */
export function ordinaryCrls(): RandomCrls {
  return randomCrls({ below: () => 0, chance: (probability) => probability > 0.5, pick: ([first]) => first as never });
}

function certificate(
  subject: CertificateRequest["subject"],
  key: KeyPair,
  issuer: CertificateRequest["subject"],
  signer: KeyPair,
  serial: number,
): CertificateRequest {
  return {
    subject,
    publicKey: key.publicKey,
    issuer: { name: issuer, privateKey: signer.privateKey, keyIdentifier: keyIdentifierOf(signer.publicKey) },
    serialNumber: Uint8Array.of(serial),
    notBefore: time - 300 * day,
    notAfter: time + 300 * day,
  };
}

/** Mostly one list, sometimes none or two. */
function lists(issuer: CertificateRequest["subject"], key: KeyPair, random: Random): readonly Uint8Array[] {
  const count = random.chance(0.1) ? 0 : random.chance(0.15) ? 2 : 1;
  return Array.from({ length: count }, () => list(issuer, key, random));
}

function list(issuer: CertificateRequest["subject"], key: KeyPair, random: Random): Uint8Array {
  const algorithm = encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha256" });
  const signer = random.chance(0.08) ? leafKey : key;
  // The root's own status says nothing about an anchor, but OpenSSL would ask for it.
  const revoked = [serials.issuing, serials.leaf, serials.other].filter(() => random.chance(0.12));
  const thisUpdate = random.chance(0.06) ? time + day : time - day;
  const nextUpdate = random.chance(0.08) ? time - 60 : time + 2 * day;
  const tbs = encodeSequence(
    encodeInteger(1),
    algorithm,
    encodeName(issuer),
    encodeTime(thisUpdate),
    encodeTime(nextUpdate),
    ...(revoked.length > 0 ? [encodeSequence(...revoked.map((serial) => entry(serial, random)))] : []),
    encodeElement(0xa0, encodeSequence(...extensions(key, random))),
  );
  return encodeSequence(tbs, algorithm, encodeBits(sign("sha256", tbs, signer.privateKey)));
}

function entry(serial: number, random: Random): Uint8Array {
  const reason = extension("2.5.29.21", false, Uint8Array.of(0x0a, 1, random.pick([1, 4, 6, 9])));
  const unknown = extension("1.3.6.1.4.1.55555.2", random.chance(0.5), Uint8Array.of(5, 0));
  const parts = [...(random.chance(0.6) ? [reason] : []), ...(random.chance(0.04) ? [unknown] : [])];
  return encodeSequence(
    encodeInteger(serial),
    encodeTime(time - day),
    ...(parts.length > 0 ? [encodeSequence(...parts)] : []),
  );
}

function extensions(key: KeyPair, random: Random): readonly Uint8Array[] {
  const keyIdentifier = encodeSequence(encodeElement(0x80, keyIdentifierOf(key.publicKey)));
  return [
    extension("2.5.29.35", false, keyIdentifier),
    extension("2.5.29.20", false, encodeInteger(1 + random.below(9))),
    ...(random.chance(0.25) ? [extension("2.5.29.28", true, scope(random))] : []),
    ...(random.chance(0.04) ? [extension("1.3.6.1.4.1.55555.1", random.chance(0.7), Uint8Array.of(5, 0))] : []),
  ];
}

/** onlyContainsUserCerts, onlyContainsCACerts, or onlyContainsAttributeCerts. */
function scope(random: Random): Uint8Array {
  return encodeSequence(encodeElement(random.pick([0x81, 0x82, 0x85]), encodeBoolean(true).subarray(2)));
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return encodeSequence(encodeOid(oid), ...(critical ? [encodeBoolean(true)] : []), encodeOctetString(value));
}

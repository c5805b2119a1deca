import { keyPurpose } from "@tcm/core";
import {
  type CertificateRequest,
  generateKeyPair,
  issueCertificate,
  type KeyPair,
  keyIdentifierOf,
} from "@tcm/node-crypto";
import type { Random } from "./random.ts";

/** A small PKI with the mistakes that real ones make: the members of a set, what clients send, and the clients. */
export type RandomPki = {
  readonly anchors: readonly Uint8Array[];
  readonly presented: readonly Uint8Array[];
  readonly leaves: readonly Uint8Array[];
  readonly time: number;
};

const time = Date.UTC(2026, 5, 1) / 1000;
const day = 86_400;

/** Making keys costs more than anything else here, so that all PKIs share a few. */
const keys: readonly KeyPair[] = Array.from({ length: 6 }, () => generateKeyPair("p256"));
const caNames = ["CA 0", "CA 1", "CA 2", "CA 3"];
const hosts = ["a.example.com", "b.example.com", "example.com", "a.example.org", "*.example.com"];

type Ca = { readonly name: string; readonly key: KeyPair };

export function randomPki(random: Random): RandomPki {
  const cas: readonly Ca[] = Array.from({ length: 2 + random.below(4) }, () => ({
    name: random.pick(caNames),
    key: random.pick(keys),
  }));
  const certificates = Array.from({ length: 2 + random.below(6) }, () =>
    issueCertificate(caRequest(random.pick(cas), random.pick(cas), random)),
  );
  const isAnchor = certificates.map(() => random.chance(0.4));
  return {
    anchors: certificates.filter((_, i) => isAnchor[i]),
    presented: certificates.filter((_, i) => !isAnchor[i]),
    leaves: Array.from({ length: 3 }, () => issueCertificate(leafRequest(random.pick(cas), random))),
    time,
  };
}

function caRequest(subject: Ca, issuer: Ca, random: Random): CertificateRequest {
  const version = random.chance(0.04) ? 1 : 3;
  return {
    ...common(subject.name, subject.key, issuer, random),
    version,
    basicConstraints: random.chance(0.93) ? basicConstraints(random) : undefined,
    keyUsage: random.chance(0.9) ? (random.chance(0.95) ? ["keyCertSign", "cRLSign"] : ["cRLSign"]) : undefined,
    extendedKeyUsage: random.chance(0.25) ? purposes(random) : undefined,
    nameConstraints: random.chance(0.2) ? nameConstraints(random) : undefined,
  };
}

function leafRequest(issuer: Ca, random: Random): CertificateRequest {
  return {
    ...common(random.chance(0.2) ? random.pick(hosts) : `client ${random.below(3)}`, random.pick(keys), issuer, random),
    keyUsage: random.chance(0.8) ? [random.chance(0.9) ? "digitalSignature" : "keyEncipherment"] : undefined,
    extendedKeyUsage: random.chance(0.7) ? purposes(random) : undefined,
    subjectAltName: random.chance(0.7) ? subjectAltName(random) : undefined,
  };
}

function common(subject: string, key: KeyPair, issuer: Ca, random: Random) {
  const signer = random.chance(0.04) ? random.pick(keys) : issuer.key;
  const keyIdentifier = random.chance(0.9) ? keyIdentifierOf(issuer.key.publicKey) : undefined;
  const shifts = random.chance(0.08) ? [random.pick([-400, 400, 0]), random.pick([-400, 400, 0])] : [0, 0];
  // Now and then the period ends in this very second.
  const end = random.chance(0.02) ? time : time + (300 + random.below(100) + (shifts[1] ?? 0)) * day;
  return {
    subject: { O: "Fuzz", CN: subject },
    publicKey: key.publicKey,
    issuer: {
      name: { O: "Fuzz", CN: issuer.name },
      privateKey: signer.privateKey,
      ...(keyIdentifier && { keyIdentifier }),
    },
    notBefore: time - (300 + (shifts[0] ?? 0)) * day,
    notAfter: end,
    subjectKeyIdentifier: random.chance(0.9) ? undefined : (false as const),
    authorityKeyIdentifier: random.chance(0.03) ? keyIdentifierOf(random.pick(keys).publicKey) : undefined,
    extraExtensions: random.chance(0.03)
      ? [{ oid: "1.3.6.1.4.1.55555.1", critical: random.chance(0.7), value: Uint8Array.of(5, 0) }]
      : [],
  };
}

function basicConstraints(random: Random) {
  const cA = random.chance(0.96);
  return cA && random.chance(0.3) ? { cA, pathLenConstraint: random.below(3) } : { cA };
}

function purposes(random: Random): readonly string[] {
  return random.pick([
    [keyPurpose.clientAuth],
    [keyPurpose.clientAuth, keyPurpose.serverAuth],
    [keyPurpose.serverAuth],
    [keyPurpose.any],
  ]);
}

function subjectAltName(random: Random) {
  const other = random.pick([
    { email: `user@${random.pick(["example.com", "a.example.com", "example.org"])}` },
    { ip: Uint8Array.of(192, 0, 2, random.below(256)) },
    { directoryName: { O: "Fuzz", CN: "alias" } },
    { uri: `https://${random.pick(["a.example.com", "example.org"])}/x` },
  ]);
  return random.chance(0.5) ? [{ dns: random.pick(hosts) }] : [{ dns: random.pick(hosts) }, other];
}

function nameConstraints(random: Random) {
  const base = () =>
    random.pick([
      { dns: random.chance(0.06) ? ".example.com" : random.pick(["example.com", "a.example.com", "example.org"]) },
      { email: random.pick(["example.com", ".example.com", "user@example.com"]) },
      { ip: Uint8Array.of(192, 0, 2, 0, 255, 255, 255, random.pick([0, 128, 192])) },
      { directoryName: random.pick([{ O: "Fuzz" }, { O: "Other" }, { O: "Fuzz", CN: "CA 1" }]) },
      { uri: random.pick(["a.example.com", ".example.com"]) },
    ]);
  const bases = () => Array.from({ length: 1 + random.below(2) }, base);
  return random.chance(0.6) ? { permitted: bases() } : { excluded: bases() };
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keyPurpose, parseCertificate } from "@tcm/core";
import { generateKeyPair, issueCertificate, issuerOf, type KeyPair, nodeCrypto } from "@tcm/node-crypto";

import { ordinaryCrls, type RandomCrls } from "./random-crls.ts";

/** What mutations start from. */
export type Seeds = {
  /** Real CA certificates where the folder has them, and the minted ones. */
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** A valid path, leaf first, with every extension that the validator looks at. */
  readonly chain: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** A client whose status is known to be good. */
  readonly revocation: RandomCrls;
  readonly time: number;
};

const time = Date.UTC(2026, 5, 1) / 1000;
const period = { notBefore: time - 86_400, notAfter: time + 86_400 };

export function readSeeds(folder: string): Seeds {
  const chain = mintChain();
  const real = readJson(join(folder, "realworld-ca-certificates.json")) as
    | readonly { readonly der: string }[]
    | undefined;
  const pkits = readJson(join(folder, "pkits.json")) as { readonly crls: Readonly<Record<string, string>> } | undefined;
  return {
    certificates: [...chain, ...(real ?? []).map(({ der }) => Buffer.from(der, "base64"))],
    crls: Object.values(pkits?.crls ?? {}).map((der) => Buffer.from(der, "base64")),
    chain,
    revocation: ordinaryCrls(),
    time,
  };
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function mintChain(): Seeds["chain"] {
  const [rootKey, issuingKey, leafKey] = [generateKeyPair("p256"), generateKeyPair("p256"), generateKeyPair("p256")];
  const ca = { basicConstraints: { cA: true, pathLenConstraint: 2 }, keyUsage: ["keyCertSign", "cRLSign"] as const };
  const subject = { C: "DE", O: "Partner", CN: "Partner Root" };
  const root = issueCertificate({
    subject,
    publicKey: rootKey.publicKey,
    issuer: { name: subject, privateKey: rootKey.privateKey },
    ...period,
    ...ca,
  });
  const issuing = issueCertificate({
    subject: { C: "DE", O: "Partner", CN: "Issuing" },
    publicKey: issuingKey.publicKey,
    issuer: issuerFrom(root, rootKey),
    ...period,
    ...ca,
    extendedKeyUsage: [keyPurpose.clientAuth, keyPurpose.serverAuth],
    nameConstraints: {
      permitted: [{ dns: "example.com" }, { email: "example.com" }],
      excluded: [{ dns: "x.example.com" }],
    },
  });
  const leaf = issueCertificate({
    subject: { O: "Partner", CN: "client" },
    publicKey: leafKey.publicKey,
    issuer: issuerFrom(issuing, issuingKey),
    ...period,
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [keyPurpose.clientAuth],
    subjectAltName: [{ dns: "a.example.com" }, { email: "a@example.com" }],
  });
  return [leaf, issuing, root];
}

function issuerFrom(der: Uint8Array, keyPair: KeyPair) {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(`a minted certificate does not parse: ${parsed.problem.code}`);
  return issuerOf(parsed.certificate, keyPair.privateKey);
}

import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Certificate, type CryptoPort, renderPem, type UnixMillis } from "@tcm/core";
import { generateKeyPair, issueCertificate, issuerOf, privateKeyPem } from "@tcm/node-crypto";
import { createFileOnce } from "./exclusive-file.ts";
import { LocalLeaves } from "./local-leaves.ts";
import { readCertificates } from "./read-certificates.ts";
import type { ServerCertificates } from "./server-certificate.ts";

/** A CA for the edge's own server certificates. Clients that are to trust the edge trust `certificatePem`. */
export type LocalCa = ServerCertificates & { readonly certificatePem: string };

export type LocalCaOptions = { readonly clock: () => UnixMillis; readonly crypto: CryptoPort };

const hour = 3_600;
const tenYears = 3_650 * 24 * hour;

/**
 * Opens the CA kept in a directory as `ca.pem` and `ca.key` (mode 0600), and makes it when it is not there; processes that
 * do so at the same time end with the same CA. Leaf certificates and their keys stay in memory. Throws when the files
 * cannot be read or written, do not belong together, or have expired.
 */
export async function openLocalCa(directory: string, options: LocalCaOptions): Promise<LocalCa> {
  const { clock, crypto } = options;
  const now = Math.floor(clock() / 1000);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // The key comes first and never changes, so a certificate that appears is always one for this key.
  const privateKey = await readOrCreate(join(directory, "ca.key"), 0o600, () =>
    privateKeyPem(generateKeyPair("p256").privateKey),
  ).then(createPrivateKey);
  const path = join(directory, "ca.pem");
  const certificatePem = await readOrCreate(path, 0o644, () => renderPem(selfSign(privateKey, now)));
  const [certificate] = readCertificates(certificatePem, path, crypto);
  checkPair(certificate, privateKey, now, directory);
  const leaves = new LocalLeaves(issuerOf(certificate, privateKey), certificate.notAfter, clock);
  return {
    certificatePem: renderPem(certificate.der),
    certificateFor: (hostname) => leaves.certificateFor(hostname),
  };
}

async function readOrCreate(path: string, mode: number, create: () => string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    await createFileOnce(path, create(), mode);
    return readFile(path, "utf8");
  }
}

/** Every directory has a CA of its own name, so that a client that trusts two of them can tell them apart. */
function selfSign(privateKey: KeyObject, now: number): Uint8Array {
  const subject = { O: "Trust Chain Manager", CN: `Local edge CA ${randomBytes(4).toString("hex")}` };
  return issueCertificate({
    subject,
    publicKey: createPublicKey(privateKey),
    issuer: { name: subject, privateKey },
    notBefore: now - hour,
    notAfter: now + tenYears,
    basicConstraints: { cA: true, pathLenConstraint: 0 },
    keyUsage: ["keyCertSign", "cRLSign"],
  });
}

function checkPair(certificate: Certificate, privateKey: KeyObject, now: number, directory: string): void {
  if (!new X509Certificate(certificate.der).checkPrivateKey(privateKey)) {
    throw new Error(`ca.pem and ca.key in ${directory} do not belong together`);
  }
  if (certificate.notAfter <= now) {
    throw new Error(`the local CA in ${directory} has expired; remove ca.pem and ca.key to have a new one made`);
  }
}

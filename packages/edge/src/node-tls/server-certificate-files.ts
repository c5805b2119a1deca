import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Certificate, type CryptoPort, renderPem, wildcardOf } from "@tcm/core";
import { readCertificates } from "./read-certificates.ts";
import type { ServerCertificate, ServerCertificates } from "./server-certificate.ts";

/** A certificate with its chain, and its key, both PEM. */
export type ServerCertificateFiles = { readonly certificatePath: string; readonly privateKeyPath: string };

/**
 * Server certificates from files. A hostname gets the first that has it among its dNSNames, an exact one before a wildcard;
 * any other hostname gets what `otherwise` has, and without that the first certificate. Read once: a renewed file takes a
 * restart. Throws, naming the file, when one cannot be read or key and certificate do not belong together.
 */
export async function readServerCertificates(
  files: readonly ServerCertificateFiles[],
  crypto: CryptoPort,
  otherwise?: ServerCertificates,
): Promise<ServerCertificates> {
  const all = await Promise.all(files.map((file) => readPair(file, crypto)));
  const withName = (name: string | undefined) => all.find(({ names }) => name !== undefined && names.has(name));
  return {
    certificateFor(hostname) {
      const found = withName(hostname) ?? withName(wildcardOf(hostname));
      if (found !== undefined) return found.certificate;
      return otherwise === undefined ? all[0]?.certificate : otherwise.certificateFor(hostname);
    },
  };
}

type Pair = { readonly names: ReadonlySet<string>; readonly certificate: ServerCertificate };

async function readPair(
  { certificatePath, privateKeyPath }: ServerCertificateFiles,
  crypto: CryptoPort,
): Promise<Pair> {
  const certificates = readCertificates(await readFile(certificatePath, "utf8"), certificatePath, crypto);
  const privateKey = readPrivateKey(await readFile(privateKeyPath, "utf8"), privateKeyPath);
  if (!new X509Certificate(certificates[0].der).checkPrivateKey(privateKey)) {
    throw new Error(`the key in ${privateKeyPath} is not that of the certificate in ${certificatePath}`);
  }
  const certificatePem = certificates.map(({ der }) => renderPem(der)).join("");
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" });
  return { names: dnsNames(certificates[0]), certificate: { certificatePem, privateKeyPem } };
}

/** The library's message could quote the file. */
function readPrivateKey(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${path}: not an unencrypted private key in PEM`);
  }
}

function dnsNames({ extensions }: Certificate): ReadonlySet<string> {
  const names = extensions.subjectAltName ?? [];
  return new Set(names.flatMap((name) => (name.form === "dNSName" ? [name.text.toLowerCase()] : [])));
}

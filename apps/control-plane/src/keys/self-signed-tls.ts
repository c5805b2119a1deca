import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  type Certificate,
  type GeneralNameDescription,
  keyPurpose,
  parseCertificate,
  renderPem,
  type UnixMillis,
} from "@tcm/core";
import { generateKeyPair, issueCertificate, issuerOf, nodeCrypto, privateKeyPem } from "@tcm/node-crypto";
import { StoreError } from "../store/store-error.ts";
import type { OperatorKey } from "./operator-key.ts";

export type SelfSignedTls = {
  /** PEM, for the API. */
  readonly cert: string;
  readonly key: string;
  /** What clients are told to trust. */
  readonly caFile: string;
};

const purpose = "api-tls-ca";
const hour = 3_600;
const tenYears = 3_650 * 24 * hour;
/** Browsers take no longer ones (CA/Browser Forum, Baseline Requirements §6.3.2). */
const leafSeconds = 397 * 24 * hour;

/**
 * A certificate for the API by a CA of the data directory, which is made where there is none. The CA's key lies there sealed
 * under the operator key; the certificate's key is made anew at every start and is never written.
 */
export function openSelfSignedTls(
  directory: string,
  operatorKey: OperatorKey,
  names: readonly string[],
  now: UnixMillis,
): SelfSignedTls {
  const folder = join(directory, "tls");
  const caFile = join(folder, "ca.pem");
  const seconds = Math.floor(now / 1000);
  const { certificate, privateKey } = readCa(folder, operatorKey) ?? createCa(folder, operatorKey, seconds);
  checkCa(certificate, privateKey, seconds, caFile);
  const leaf = generateKeyPair("p256");
  const der = issueCertificate({
    subject: { O: "Trust Chain Manager", CN: (names[0] ?? "localhost").slice(0, 64) },
    publicKey: leaf.publicKey,
    issuer: issuerOf(certificate, privateKey),
    notBefore: seconds - hour,
    notAfter: Math.min(seconds + leafSeconds, certificate.notAfter),
    basicConstraints: { cA: false },
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [keyPurpose.serverAuth],
    subjectAltName: [...new Set(names)].map(generalName),
  });
  return { cert: renderPem(der), key: privateKeyPem(leaf.privateKey), caFile };
}

type Ca = { readonly certificate: Certificate; readonly privateKey: KeyObject };

function readCa(folder: string, operatorKey: OperatorKey): Ca | undefined {
  let pem: string;
  let sealed: string;
  try {
    pem = readFileSync(join(folder, "ca.pem"), "utf8");
    sealed = readFileSync(join(folder, "ca.key.sealed"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = parseCertificate(new X509Certificate(pem).raw, nodeCrypto);
  if (!parsed.ok) throw unusable(`${folder}/ca.pem is not a certificate`);
  return { certificate: parsed.certificate, privateKey: unseal(operatorKey, sealed.trim(), folder) };
}

function unseal(operatorKey: OperatorKey, sealed: string, folder: string): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(operatorKey.open(sealed, purpose)), format: "der", type: "pkcs8" });
  } catch {
    throw unusable(`The operator key does not open ${folder}/ca.key.sealed`);
  }
}

/** The key comes first: a certificate that is there always has its key. */
function createCa(folder: string, operatorKey: OperatorKey, now: number): Ca {
  const { publicKey, privateKey } = generateKeyPair("p256");
  const subject = { O: "Trust Chain Manager", CN: `API CA ${randomBytes(4).toString("hex")}` };
  const der = issueCertificate({
    subject,
    publicKey,
    issuer: { name: subject, privateKey },
    notBefore: now - hour,
    notAfter: now + tenYears,
    basicConstraints: { cA: true, pathLenConstraint: 0 },
    keyUsage: ["keyCertSign", "cRLSign"],
  });
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error("a certificate that was just made cannot be read");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sealed = operatorKey.seal(privateKey.export({ format: "der", type: "pkcs8" }), purpose);
  write(join(folder, "ca.key.sealed"), `${sealed}\n`, 0o600);
  write(join(folder, "ca.pem"), renderPem(der), 0o644);
  return { certificate: parsed.certificate, privateKey };
}

function checkCa({ der, notAfter }: Certificate, privateKey: KeyObject, now: number, caFile: string): void {
  if (!new X509Certificate(der).checkPrivateKey(privateKey)) throw unusable(`${caFile} does not belong to its key`);
  if (notAfter <= now) throw unusable(`${caFile} has expired`);
}

function unusable(what: string): StoreError {
  return new StoreError(
    "tls-unusable",
    `${what}. Move the folder of it away to have a new CA made, and have clients trust that.`,
  );
}

/** The old content or the new one. */
function write(file: string, content: string, mode: number): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, content, { mode, flush: true });
  renameSync(fresh, file);
}

/** Of a hostname or an address, as a certificate names a server. */
export function generalName(name: string): GeneralNameDescription {
  const version = isIP(name);
  if (version === 0) return { dns: name };
  return { ip: version === 4 ? Uint8Array.from(name.split("."), Number) : ipv6Octets(name) };
}

/** RFC 4291 §2.2, after the URL parser has brought it into one form. */
function ipv6Octets(address: string): Uint8Array {
  const [before = "", after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string): readonly number[] =>
    text
      .split(":")
      .filter(Boolean)
      .map((hex) => parseInt(hex, 16));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

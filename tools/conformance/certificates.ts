import {
  buildCrlIndex,
  type Certificate,
  type CertificateRevocationList,
  decodeBase64,
  decodePem,
  parseCertificate,
  parseCrl,
  type RevocationInputs,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";

export type Read = { readonly certificate: Certificate } | { readonly problem: string };

/** One PEM block that a suite calls a certificate. */
export function readPem(pem: string): Read {
  const { blocks, problems } = decodePem(pem, { maxBlocks: 1 });
  const block = blocks[0];
  return block === undefined ? { problem: problems[0]?.code ?? "pem-no-block" } : readDer(block.der);
}

export function readDer(der: Uint8Array): Read {
  const parsed = parseCertificate(der, nodeCrypto);
  return parsed.ok ? { certificate: parsed.certificate } : { problem: parsed.problem.code };
}

/** Those that can be read: what cannot be read can neither be trusted nor be an issuer. */
export function readable(reads: readonly Read[]): readonly Certificate[] {
  return reads.flatMap((read) => ("certificate" in read ? [read.certificate] : []));
}

/** The lists of a case, whose status must be known from them; undefined where the case has none. */
export function hardFail(ders: readonly Uint8Array[]): RevocationInputs | undefined {
  if (ders.length === 0) return undefined;
  const crls = ders
    .map(parseCrl)
    .flatMap((parsed): readonly CertificateRevocationList[] => (parsed.ok ? [parsed.crl] : []));
  return { crls: buildCrlIndex(crls), mode: "hard-fail" };
}

/** Bytes of a PEM block with any label; empty when it is none. */
export function pemBytes(pem: string): Uint8Array {
  const body = /-----BEGIN [^-]+-----([^-]*)-----END/.exec(pem)?.[1] ?? "";
  const decoded = decodeBase64(body);
  return decoded.ok ? decoded.bytes : new Uint8Array();
}

import { type Certificate, decodePem, parseCertificate } from "@tcm/core";
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

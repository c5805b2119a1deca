import { createPrivateKey, X509Certificate } from "node:crypto";
import { type NodeIdentity, nodeUri } from "@tcm/api-contract";
import { decodePem, parseCertificate, type UnixMillis } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";

export type Validity = { readonly notBefore: UnixMillis; readonly notAfter: UnixMillis };

/** Undefined for what is not the certificate of this node and this key. Who signed it is for the control plane to judge. */
export function readCertificate({
  certificate: pem,
  privateKey,
  network,
  nodeId,
}: Pick<NodeIdentity, "certificate" | "privateKey" | "network" | "nodeId">): Validity | undefined {
  const { blocks, problems } = decodePem(pem, { maxBlocks: 1 });
  const [block] = blocks;
  if (block === undefined || problems.length > 0) return undefined;
  const parsed = parseCertificate(block.der, nodeCrypto);
  if (!parsed.ok || !belongsTo(block.der, privateKey)) return undefined;
  const { extensions, notBefore, notAfter } = parsed.certificate;
  const uri = nodeUri({ network, nodeId });
  const isOurs = extensions.subjectAltName?.some(
    (name) => name.form === "uniformResourceIdentifier" && name.text === uri,
  );
  return isOurs === true ? { notBefore: notBefore * 1_000, notAfter: notAfter * 1_000 } : undefined;
}

function belongsTo(der: Uint8Array, privateKey: string): boolean {
  try {
    return new X509Certificate(der).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}

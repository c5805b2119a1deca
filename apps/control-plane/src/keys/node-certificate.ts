import { createPublicKey } from "node:crypto";
import { nodeUri } from "@tcm/api-contract";
import {
  type Certificate,
  checkSignature,
  keyPurpose,
  type Name,
  type Network,
  parseCertificate,
  renderPem,
  type UnixMillis,
} from "@tcm/core";
import { issueCertificate, issuerOf, nodeCrypto } from "@tcm/node-crypto";
import { type NodeAuthorities, networkOfIssuer } from "./node-authorities.ts";

/** Whose a certificate is. `enrolmentId`: of the join by which it was obtained first; a node that joins anew has another. */
export type NodeSubject = { readonly nodeId: string; readonly network: Network; readonly enrolmentId: string };

/** What nodes may have against our clock without being turned away. */
const toleratedSkewSeconds = 3_600;

/** PEM. Names and purposes are ours; of the node's request there is only its key, as SubjectPublicKeyInfo. */
export function issueNodeCertificate(
  authorities: NodeAuthorities,
  { nodeId, network, enrolmentId }: NodeSubject,
  spki: Uint8Array,
  { from, notAfter }: { readonly from: UnixMillis; readonly notAfter: UnixMillis },
): string {
  const { certificate, privateKey } = authorities[network];
  const der = issueCertificate({
    subject: { O: "Trust Chain Manager", CN: nodeId, serialNumber: enrolmentId },
    publicKey: createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }),
    issuer: issuerOf(certificate, privateKey),
    notBefore: Math.floor(from / 1_000) - toleratedSkewSeconds,
    notAfter: Math.floor(notAfter / 1_000),
    basicConstraints: { cA: false },
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [keyPurpose.clientAuth],
    subjectAltName: [{ uri: nodeUri({ network, nodeId }) }],
  });
  return renderPem(der);
}

export type NodeCertificateProblem = "certificate-unusable" | "certificate-expired" | "certificate-not-yet-valid";

export type ReadNodeCertificate =
  | { readonly ok: true; readonly subject: NodeSubject; readonly notAfter: UnixMillis }
  /** `subject`: whose it was, where it is one of ours. */
  | { readonly ok: false; readonly code: NodeCertificateProblem; readonly subject: NodeSubject | undefined };

/**
 * Whose certificate this is, when it is one of ours: by the CA of the network that its name says, in time, for clients. TLS has
 * made sure that the peer has its key. Whether the node is still wanted is for the store to say.
 */
export function readNodeCertificate(
  der: Uint8Array,
  authorities: NodeAuthorities,
  now: UnixMillis,
): ReadNodeCertificate {
  const parsed = parseCertificate(der, nodeCrypto);
  const subject = parsed.ok ? subjectOf(parsed.certificate, authorities) : undefined;
  if (!parsed.ok || subject === undefined) return { ok: false, code: "certificate-unusable", subject };
  const { notBefore, notAfter } = parsed.certificate;
  const seconds = now / 1_000;
  if (seconds > notAfter) return { ok: false, code: "certificate-expired", subject };
  if (seconds + toleratedSkewSeconds < notBefore) return { ok: false, code: "certificate-not-yet-valid", subject };
  return { ok: true, subject, notAfter: notAfter * 1_000 };
}

/** Undefined for what none of our CAs signed in this form. */
function subjectOf(certificate: Certificate, authorities: NodeAuthorities): NodeSubject | undefined {
  const network = networkOfIssuer(authorities, certificate.issuer.der);
  if (network === undefined) return undefined;
  const { extensions, subject } = certificate;
  if (checkSignature(certificate, authorities[network].certificate, { allowSha1: false }, nodeCrypto)) return undefined;
  if (extensions.basicConstraints?.cA !== false || extensions.unknownCritical.length > 0) return undefined;
  if (!extensions.extendedKeyUsage?.includes(keyPurpose.clientAuth)) return undefined;
  const names = extensions.subjectAltName ?? [];
  const [name] = names;
  if (names.length !== 1 || name?.form !== "uniformResourceIdentifier") return undefined;
  const nodeId = textOf(subject, "2.5.4.3");
  const enrolmentId = textOf(subject, "2.5.4.5");
  if (nodeId === undefined || enrolmentId === undefined) return undefined;
  return name.text === nodeUri({ network, nodeId }) ? { nodeId, network, enrolmentId } : undefined;
}

function textOf(name: Name, type: string): string | undefined {
  const found = name.rdns.flat().filter((attribute) => attribute.type === type);
  return found.length === 1 ? found[0]?.text : undefined;
}

import type { KeyObject, X509Certificate } from "node:crypto";
import type { ServerHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { NodeRefusal } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import { type NodeSubject, readNodeCertificate } from "../keys/node-certificate.ts";

/** A node at the other end of a connection, by the certificate that it showed. */
export type ConnectedNode = NodeSubject & {
  readonly certificateNotAfter: UnixMillis;
  readonly publicKey: KeyObject;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
};

export type Peer = ConnectedNode | NodeRefusal["code"];

/** Who is at the other end, or why nobody that we know. TLS has proved that it holds the key; the store is not asked. */
export function readPeer(session: ServerHttp2Session, authorities: NodeAuthorities, now: UnixMillis): Peer {
  const shown = (session.socket as TLSSocket).getPeerX509Certificate();
  if (shown === undefined) return "no-certificate";
  const read = readNodeCertificate(shown.raw, authorities, now);
  if (!read.ok) return read.code;
  const { publicKey } = shown;
  return { ...read.subject, certificateNotAfter: read.notAfter, publicKey, fingerprint: fingerprintOf(shown) };
}

export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(":", "").toLowerCase();
}

const details: Readonly<Record<NodeRefusal["code"], string>> = {
  "no-certificate": "The connection shows no client certificate.",
  "certificate-unusable": "The client certificate is not by the node CA of its network.",
  "certificate-expired":
    'The client certificate has run out. Make a new join token with "tcm edge token" and enrol the node again.',
  "certificate-not-yet-valid": "The client certificate is not valid yet: one of the two clocks is wrong.",
  "node-unknown":
    'The node was removed, or has joined anew with another certificate. To have it back, make a join token with "tcm edge token" and enrol it again.',
  "join-token-refused":
    'The join token is unknown, was used before, or has expired. Make a new one with "tcm edge token".',
  "certificate-request-unusable":
    "The certificate request is not one of PKCS#10 with a P-256 or Ed25519 key, signed with it, that the node's certificate does not have yet.",
  "certificate-superseded":
    'A newer certificate of this node was shown already, so that somebody else has its identity or this is an old copy. Remove the node, make a join token with "tcm edge token" and enrol it again.',
  "too-many-attempts": "Too many attempts: to join wait for a minute, to renew a certificate for ten.",
};

export function nodeRefusalOf(code: NodeRefusal["code"]): NodeRefusal {
  return { code, detail: details[code] };
}

import type { ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import { nodeUri } from "@tcm/api-contract";
import { createPublicKey, X509Certificate } from "node:crypto";
import { type Network, parseCertificateRequest, renderPem } from "@tcm/core";
import { issueCertificate, nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";

/** Keys and certificates on both sides of the node port. In real time: agents judge them with OpenSSL. */
export function testNodePort(node: { readonly nodeId: string; readonly network: Network }) {
  const pki = testPki({ now: new Date() });
  const portCa = pki.root("Node port CA");
  const nodeCa = pki.root("Node CA");
  const server = portCa.server("localhost");
  const issue = (from = nodeCa) => from.leaf(node.nodeId, { subjectAltName: [{ uri: nodeUri(node) }] });
  const leaf = issue();
  const credentialOf = ({ pem, privateKeyPem }: typeof leaf) => ({ certificate: pem, privateKey: privateKeyPem });
  return {
    portCa,
    nodeCa,
    tls: {
      cert: server.pem + portCa.pem,
      key: server.privateKeyPem,
      ca: [],
      requestCert: true,
      rejectUnauthorized: false,
    },
    credential: credentialOf(leaf),
    /** Of the same name, by a CA that nobody knows. */
    forgedCredential: () => credentialOf(issue(pki.root("Node CA"))),
    /** Answers a request for a certificate, PEM. */
    certify: (request: Uint8Array): string => {
      const parsed = parseCertificateRequest(request, nodeCrypto);
      if (!parsed.ok) throw new Error(parsed.problem.code);
      const publicKey = createPublicKey({ key: Buffer.from(parsed.publicKey.der), format: "der", type: "spki" });
      return renderPem(issueCertificate({ ...leaf.request, serialNumber: undefined, publicKey }));
    },
    isKnown: (stream: ServerHttp2Stream): boolean => {
      const shown = (stream.session?.socket as TLSSocket | undefined)?.getPeerX509Certificate();
      return shown !== undefined && shown.verify(new X509Certificate(nodeCa.der).publicKey);
    },
  };
}

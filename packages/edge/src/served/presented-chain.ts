import { type Certificate, type CryptoPort, edgePathLimits } from "@tcm/core";
import type { TLSSocket } from "node:tls";
import { IssuerMemory } from "./issuer-memory.ts";

/** What a client presented in its handshake, its own certificate first and the rest in the order it sent them. */
export type PresentedChain =
  | { readonly kind: "none" }
  | { readonly kind: "certificates"; readonly certificates: readonly [Certificate, ...Certificate[]] }
  | { readonly kind: "malformed"; readonly position: number; readonly detail: string }
  | { readonly kind: "too-large"; readonly detail: string };

/**
 * The DER of every certificate the client sent. `getPeerX509Certificate()` gives them all, in the order they came, linked by
 * `issuerCertificate` whether or not one issued the other. `getPeerCertificate(true)` is not used: it links by issuer,
 * drops what does not fit and so loses cross-signed alternatives.
 */
export function peerCertificates(socket: Pick<TLSSocket, "getPeerX509Certificate">, most: number): readonly Buffer[] {
  const ders: Buffer[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && ders.length < most) {
    ders.push(next.raw);
    next = next.issuerCertificate;
  }
  return ders;
}

/** Decodes with our own strict parser, after its size is known; what `issuers` remembers is not decoded again. */
export function readPresented(
  ders: readonly Uint8Array[],
  crypto: CryptoPort,
  issuers = new IssuerMemory(crypto),
): PresentedChain {
  const bytes = ders.reduce((sum, der) => sum + der.length, 0);
  // OpenSSL reads up to 100 kB.
  const most = edgePathLimits.presentedBytes;
  if (bytes > most) return { kind: "too-large", detail: `${bytes} bytes of at most ${most}` };
  const certificates: Certificate[] = [];
  for (const [position, der] of ders.entries()) {
    const parsed = position === 0 ? issuers.parseClient(der) : issuers.parse(der);
    if (!parsed.ok)
      return { kind: "malformed", position, detail: `${parsed.problem.code} at byte ${parsed.problem.offset}` };
    certificates.push(parsed.certificate);
  }
  const [leaf, ...others] = certificates;
  return leaf === undefined ? { kind: "none" } : { kind: "certificates", certificates: [leaf, ...others] };
}

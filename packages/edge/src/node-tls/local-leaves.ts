import { keyPurpose, renderPem, type UnixMillis, type UnixSeconds } from "@tcm/core";
import { generateKeyPair, type Issuer, issueCertificate, privateKeyPem } from "@tcm/node-crypto";
import type { ServerCertificate } from "./server-certificate.ts";

const hour = 3_600;
const lifetime = 90 * 24 * hour;
/** A certificate is used until this much is left of it. */
const renewBefore = 30 * 24 * hour;
/** Each costs a key and a signature, well under a millisecond; a hostname that was pushed out only pays that again. */
const maxLeaves = 1_000;
/** ub-common-name, RFC 5280 appendix A.1. */
const maxCommonName = 64;

/** Server certificates of a local CA, made when a hostname is first asked for and renewed in time. */
export class LocalLeaves {
  readonly #issuer: Issuer;
  readonly #issuerNotAfter: UnixSeconds;
  readonly #clock: () => UnixMillis;
  readonly #leaves = new Map<string, ServerCertificate & { readonly notAfter: UnixSeconds }>();

  constructor(issuer: Issuer, issuerNotAfter: UnixSeconds, clock: () => UnixMillis) {
    this.#issuer = issuer;
    this.#issuerNotAfter = issuerNotAfter;
    this.#clock = clock;
  }

  /** Throws once the CA itself has run out. */
  certificateFor(hostname: string): ServerCertificate {
    const now = Math.floor(this.#clock() / 1000);
    if (now >= this.#issuerNotAfter) throw new Error("the local CA has expired");
    const kept = this.#leaves.get(hostname);
    this.#leaves.delete(hostname);
    const leaf = kept !== undefined && now < this.#renewalOf(kept.notAfter) ? kept : this.#issue(hostname, now);
    this.#leaves.set(hostname, leaf);
    const [oldest] = this.#leaves.keys();
    if (this.#leaves.size > maxLeaves && oldest !== undefined) this.#leaves.delete(oldest);
    return leaf;
  }

  /** In the CA's last days every leaf ends with it, and is not made again for nothing. */
  #renewalOf(notAfter: UnixSeconds): UnixSeconds {
    return notAfter === this.#issuerNotAfter ? notAfter : notAfter - renewBefore;
  }

  #issue(hostname: string, now: UnixSeconds) {
    const { publicKey, privateKey } = generateKeyPair("p256");
    const notAfter = Math.min(now + lifetime, this.#issuerNotAfter);
    const der = issueCertificate({
      subject: hostname.length <= maxCommonName ? { CN: hostname } : {},
      publicKey,
      issuer: this.#issuer,
      notBefore: now - hour,
      notAfter,
      basicConstraints: { cA: false },
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [keyPurpose.serverAuth],
      subjectAltName: [{ dns: hostname }],
    });
    return { certificatePem: renderPem(der), privateKeyPem: privateKeyPem(privateKey), notAfter };
  }
}

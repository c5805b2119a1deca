import {
  type Certificate,
  type CryptoPort,
  type ParsedCertificate,
  parseCertificate,
  type SubjectPublicKeyInfo,
} from "@tcm/core";

/** A set has at most 300 members, and their clients send few more intermediates than that. */
const maxIssuers = 512;
/** Clients that come back: more than these are verified again, at the price of a first visit. */
const maxClients = 1_024;
/** What is decoded takes up to forty times the bytes: certificates full of names must not fill the memory. */
const maxBytes = 1024 * 1024;

/**
 * Decodes what clients send, and keeps it: the clients of one CA all send the same bytes above their own certificate, and a
 * client the same ones each time it comes. The least recently seen are forgotten first, so that a client which sends new ones
 * each time only loses its own time. A client's own certificate is kept once it was accepted: strangers push out nobody's.
 */
export class IssuerMemory {
  readonly #crypto: CryptoPort;
  readonly #issuers = new Decoded(maxIssuers);
  readonly #clients = new Decoded(maxClients);

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  parse(der: Uint8Array): ParsedCertificate {
    const digest = this.#crypto.sha256(der);
    const parsed = this.#issuers.find(digest) ?? parseCertificate(der, this.#crypto);
    this.#issuers.keep(digest, parsed, der.length);
    return parsed;
  }

  /** A certificate that stands first: what was kept of it, or decoded and not kept. */
  parseClient(der: Uint8Array): ParsedCertificate {
    return this.#clients.find(this.#crypto.sha256(der)) ?? parseCertificate(der, this.#crypto);
  }

  /** For a client that was accepted. */
  keepClient(certificate: Certificate): void {
    this.#clients.keep(certificate.fingerprint, { ok: true, certificate }, certificate.der.length);
  }
}

/** By SHA-256, in the order of last use. */
class Decoded {
  readonly #most: number;
  readonly #known = new Map<string, { readonly parsed: ParsedCertificate; readonly bytes: number }>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  find(digest: string): ParsedCertificate | undefined {
    return this.#known.get(digest)?.parsed;
  }

  keep(digest: string, parsed: ParsedCertificate, bytes: number): void {
    if (!this.#known.delete(digest)) this.#bytes += bytes;
    this.#known.set(digest, { parsed, bytes });
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const [digest, { bytes }] of this.#known) {
      if (this.#known.size <= this.#most && this.#bytes <= maxBytes) return;
      this.#known.delete(digest);
      this.#bytes -= bytes;
    }
  }
}

type Verified = { readonly signature: Uint8Array; readonly isValid: boolean };

/**
 * The crypto port, with an answer given once for the same objects: key, signed bytes and signature of certificates that are
 * kept. So the anchor's signature on an intermediate, or on a client that comes back, is verified once and not in every
 * handshake; validity and all else are checked each time. What is not kept elsewhere is not kept here.
 */
export function rememberVerifications(crypto: CryptoPort): CryptoPort {
  const known = new WeakMap<SubjectPublicKeyInfo, WeakMap<Uint8Array, Verified>>();
  return {
    sha256: (data) => crypto.sha256(data),
    verifySignature(scheme, key, data, signature) {
      const ofKey = known.get(key) ?? new WeakMap<Uint8Array, Verified>();
      const before = ofKey.get(data);
      if (before?.signature === signature) return before.isValid;
      const isValid = crypto.verifySignature(scheme, key, data, signature);
      known.set(key, ofKey.set(data, { signature, isValid }));
      return isValid;
    },
  };
}

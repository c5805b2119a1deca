import { type CryptoPort, type ParsedCertificate, parseCertificate, type SubjectPublicKeyInfo, toHex } from "@tcm/core";

/** A set has at most 300 members, and their clients send few more intermediates than that. */
const maxIssuers = 512;
/** What is decoded takes up to forty times the bytes: certificates full of names must not fill the memory. */
const maxBytes = 1024 * 1024;

type Kept = { readonly parsed: ParsedCertificate; readonly bytes: number };

/**
 * Decodes what clients send above their own certificate, and keeps it: the clients of one CA all send the same bytes. The
 * least recently seen are forgotten first, so that a client which sends new ones each time only loses its own time.
 */
export class IssuerMemory {
  readonly #crypto: CryptoPort;
  readonly #known = new Map<string, Kept>();
  #bytes = 0;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  parse(der: Uint8Array): ParsedCertificate {
    const digest = toHex(this.#crypto.sha256(der));
    const kept = this.#known.get(digest) ?? { parsed: parseCertificate(der, this.#crypto), bytes: der.length };
    if (!this.#known.delete(digest)) this.#bytes += kept.bytes;
    this.#known.set(digest, kept);
    this.#forgetOldest();
    return kept.parsed;
  }

  #forgetOldest(): void {
    for (const [digest, { bytes }] of this.#known) {
      if (this.#known.size <= maxIssuers && this.#bytes <= maxBytes) return;
      this.#known.delete(digest);
      this.#bytes -= bytes;
    }
  }
}

type Verified = { readonly signature: Uint8Array; readonly isValid: boolean };

/**
 * The crypto port, with an answer given once for the same objects: key, signed bytes and signature of certificates that are
 * kept. So the anchor's signature on an intermediate is verified once and not in every handshake. What is not kept elsewhere
 * is not kept here.
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

import { type Certificate, encodeName, parseCertificate, renderPem } from "@tcm/core";
import {
  type CertificateRequest,
  type Issuer,
  issueCertificate,
  type KeyPair,
  keyIdentifierOf,
  nodeCrypto,
  privateKeyPem,
} from "@tcm/node-crypto";

/** A minted certificate with its key. */
export class TestCertificate {
  /** What it was made from. */
  readonly request: CertificateRequest;
  readonly keyPair: KeyPair;
  /** Undefined for a self-signed one. */
  readonly issuer: TestCertificate | undefined;
  readonly der: Uint8Array;
  #certificate: Certificate | undefined;

  constructor(request: CertificateRequest, keyPair: KeyPair, issuer: TestCertificate | undefined) {
    this.request = request;
    this.keyPair = keyPair;
    this.issuer = issuer;
    this.der = issueCertificate(request);
  }

  get pem(): string {
    return renderPem(this.der);
  }

  get privateKeyPem(): string {
    return privateKeyPem(this.keyPair.privateKey);
  }

  /** Parsed by our own parser; throws for one that was made malformed on purpose. */
  get certificate(): Certificate {
    if (this.#certificate === undefined) {
      const parsed = parseCertificate(this.der, nodeCrypto);
      if (!parsed.ok) throw new Error(`the minted certificate does not parse: ${JSON.stringify(parsed.problem)}`);
      this.#certificate = parsed.certificate;
    }
    return this.#certificate;
  }

  get fingerprint(): string {
    return this.certificate.fingerprint;
  }

  /** Itself, then each issuer up to, but not including, the root: what a TLS peer sends. */
  get chain(): readonly TestCertificate[] {
    const above = this.issuer?.issuer === undefined ? [] : this.issuer.chain;
    return [this, ...above];
  }

  get chainPem(): string {
    return this.chain.map(({ pem }) => pem).join("");
  }

  /** As the issuer of others; also when it denies being a CA or does not parse. */
  get asIssuer(): Issuer {
    const { subject, publicKey, subjectKeyIdentifier, version = 3 } = this.request;
    const issuer = { name: encodeName(subject), privateKey: this.keyPair.privateKey };
    if (subjectKeyIdentifier === false || version !== 3) return issuer;
    return { ...issuer, keyIdentifier: subjectKeyIdentifier ?? keyIdentifierOf(publicKey) };
  }
}

import { keyPurpose, type UnixSeconds } from "@tcm/core";
import { type CertificateRequest, type KeyPair, keyIdentifierOf } from "@tcm/node-crypto";
import { TestCertificate } from "./test-certificate.ts";
import type { TestKeyType } from "./test-key-pair.ts";

/** Replaces any part of a certificate before it is signed; `keyType` (default P-256) or `keyPair` its key. */
export type Overrides = Partial<Omit<CertificateRequest, "publicKey">> & {
  readonly keyType?: TestKeyType;
  readonly keyPair?: KeyPair;
};

/** What every certificate of one PKI is minted with. */
export type Mint = { readonly now: UnixSeconds; readonly newKeyPair: (type: TestKeyType) => KeyPair };

type Template = Omit<CertificateRequest, "publicKey" | "issuer">;

const day = 86_400;
const loopback = Uint8Array.of(127, 0, 0, 1);

/** A CA that can sign. */
export class TestAuthority extends TestCertificate {
  readonly #mint: Mint;

  constructor(mint: Mint, request: CertificateRequest, keyPair: KeyPair, issuer: TestCertificate | undefined) {
    super(request, keyPair, issuer);
    this.#mint = mint;
  }

  intermediate(commonName: string, overrides: Overrides = {}): TestAuthority {
    const { request, keyPair } = this.#describe(authorityTemplate(this.#mint, commonName, 1825), overrides);
    return new TestAuthority(this.#mint, request, keyPair, this);
  }

  /** A client certificate. */
  leaf(commonName: string, overrides: Overrides = {}): TestCertificate {
    const { request, keyPair } = this.#describe(clientTemplate(this.#mint, commonName), overrides);
    return new TestCertificate(request, keyPair, this);
  }

  /** A server certificate for the DNS name and 127.0.0.1. */
  server(hostname: string, overrides: Overrides = {}): TestCertificate {
    const template = {
      ...clientTemplate(this.#mint, hostname),
      extendedKeyUsage: [keyPurpose.serverAuth],
      subjectAltName: [{ dns: hostname }, { ip: loopback }],
    };
    const { request, keyPair } = this.#describe(template, overrides);
    return new TestCertificate(request, keyPair, this);
  }

  /** A second certificate for the name and key of `other`, signed by this CA. */
  crossSign(other: TestAuthority, overrides: Overrides = {}): TestAuthority {
    const { keyPair, request: before } = other;
    const request = { ...before, serialNumber: undefined, issuer: this.asIssuer, ...overrides };
    return new TestAuthority(this.#mint, request, keyPair, this);
  }

  /** A new certificate for the same name and key from the same issuer, with a new serial number. */
  renew(overrides: Overrides = {}): TestAuthority {
    const request = { ...this.request, serialNumber: undefined, ...overrides };
    return new TestAuthority(this.#mint, request, this.keyPair, this.issuer);
  }

  /** Same names and key identifier, but another key, which also signs it: nothing that it issues may ever be accepted. */
  forge(overrides: Overrides = {}): TestAuthority {
    const keyPair = this.#mint.newKeyPair(overrides.keyType ?? "p256");
    const request = {
      ...this.request,
      subjectKeyIdentifier: this.request.subjectKeyIdentifier ?? keyIdentifierOf(this.keyPair.publicKey),
      publicKey: keyPair.publicKey,
      issuer: { ...this.request.issuer, privateKey: keyPair.privateKey },
      ...overrides,
    };
    return new TestAuthority(this.#mint, request, keyPair, this.issuer);
  }

  #describe(template: Template, overrides: Overrides) {
    const { keyType = "p256", keyPair = this.#mint.newKeyPair(keyType), ...replaced } = overrides;
    return { keyPair, request: { issuer: this.asIssuer, ...template, ...replaced, publicKey: keyPair.publicKey } };
  }
}

export function authorityTemplate(mint: Mint, commonName: string, days: number): Template {
  return {
    subject: { CN: commonName },
    ...validFor(mint, days),
    basicConstraints: { cA: true },
    keyUsage: ["keyCertSign", "cRLSign"],
  };
}

export function clientTemplate(mint: Mint, commonName: string): Template {
  return {
    subject: { CN: commonName },
    ...validFor(mint, 365),
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [keyPurpose.clientAuth],
  };
}

function validFor({ now }: Mint, days: number) {
  return { notBefore: now - 30 * day, notAfter: now + days * day };
}

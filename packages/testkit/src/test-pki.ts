import type { UnixSeconds } from "@tcm/core";
import { authorityTemplate, clientTemplate, type Mint, type Overrides, TestAuthority } from "./test-authority.ts";
import { TestCertificate } from "./test-certificate.ts";
import { keyPairSource } from "./test-key-pair.ts";

export type TestPki = {
  readonly now: UnixSeconds;
  root(commonName: string, overrides?: Overrides): TestAuthority;
  /** An end-entity certificate that signed itself. */
  selfSignedLeaf(commonName: string, overrides?: Overrides): TestCertificate;
};

const defaultNow = "2026-06-01T00:00:00Z";

/**
 * A PKI in memory: `testPki().root("Partner Root").intermediate("Issuing 1").leaf("client-1")`. Every certificate is
 * valid at `now` and for at least a year more. For handshakes with real clients pass `new Date()`.
 */
export function testPki({ now = defaultNow }: { readonly now?: string | Date } = {}): TestPki {
  const mint: Mint = { now: Math.floor(new Date(now).getTime() / 1000), newKeyPair: keyPairSource() };

  const selfSigned = (template: ReturnType<typeof clientTemplate>, overrides: Overrides) => {
    const { keyType = "p256", keyPair = mint.newKeyPair(keyType), ...replaced } = overrides;
    const described = { ...template, ...replaced, publicKey: keyPair.publicKey };
    return { keyPair, request: { issuer: { name: described.subject, privateKey: keyPair.privateKey }, ...described } };
  };

  return {
    now: mint.now,
    root(commonName, overrides = {}) {
      const { request, keyPair } = selfSigned(authorityTemplate(mint, commonName, 3650), overrides);
      return new TestAuthority(mint, request, keyPair, undefined);
    },
    selfSignedLeaf(commonName, overrides = {}) {
      const { request, keyPair } = selfSigned(clientTemplate(mint, commonName), overrides);
      return new TestCertificate(request, keyPair, undefined);
    },
  };
}

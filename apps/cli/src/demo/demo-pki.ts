import { keyPurpose, type NameDescription, renderPem, type UnixSeconds } from "@tcm/core";
import {
  type CertificateRequest,
  generateKeyPair,
  type Issuer,
  issueCertificate,
  type KeyPair,
  keyIdentifierOf,
  privateKeyPem,
} from "@tcm/node-crypto";
import type { ClientIdentity } from "./mtls-client.ts";

/** A CA that exists in memory for as long as the demo runs. */
export type DemoAuthority = { readonly name: string; readonly pem: string; readonly issuer: Issuer };

export type DemoPki = {
  readonly oldRoot: DemoAuthority;
  readonly oldIssuing: DemoAuthority;
  readonly newRoot: DemoAuthority;
  readonly newIssuing: DemoAuthority;
  readonly oldClient: ClientIdentity;
  readonly newClient: ClientIdentity;
  /** Of a CA that nobody ever trusts here. */
  readonly stranger: ClientIdentity;
  /** What people upload by mistake. */
  readonly expiredRoot: DemoAuthority;
};

const day = 86_400;

/** Two CAs of a partner, the second to take the place of the first; their clients; and what must be refused. */
export function mintDemoPki(now: UnixSeconds): DemoPki {
  const valid = { notBefore: now - day, notAfter: now + 365 * day };
  const root = (name: string, validity = valid): DemoAuthority => mintAuthority(name, validity, undefined);
  const oldRoot = root("Partner Root CA 2019");
  const newRoot = root("Partner Root CA 2026");
  const oldIssuing = mintAuthority("Partner Issuing CA 2019", valid, oldRoot.issuer);
  const newIssuing = mintAuthority("Partner Issuing CA 2026", valid, newRoot.issuer);
  return {
    oldRoot,
    oldIssuing,
    newRoot,
    newIssuing,
    oldClient: mintClient("terminal-0042", valid, oldIssuing),
    newClient: mintClient("terminal-0043", valid, newIssuing),
    stranger: mintClient("stranger", valid, root("Somebody Else's CA")),
    expiredRoot: root("Partner Root CA 2009", { notBefore: now - 4000 * day, notAfter: now - 30 * day }),
  };
}

type Validity = { readonly notBefore: UnixSeconds; readonly notAfter: UnixSeconds };

function mintAuthority(name: string, validity: Validity, issuer: Issuer | undefined): DemoAuthority {
  const { keyPair, subject, own } = newHolder(name);
  const extensions = { basicConstraints: { cA: true }, keyUsage: ["keyCertSign", "cRLSign"] } as const;
  return { name, pem: mint({ subject, issuer: issuer ?? own, ...validity, ...extensions }, keyPair), issuer: own };
}

function mintClient(name: string, validity: Validity, authority: DemoAuthority): ClientIdentity {
  const { keyPair, subject } = newHolder(name);
  const extensions = { keyUsage: ["digitalSignature"], extendedKeyUsage: [keyPurpose.clientAuth] } as const;
  const pem = mint({ subject, issuer: authority.issuer, ...validity, ...extensions }, keyPair);
  // A client sends what leads to its root, and not the root.
  return { name, chainPem: `${pem}${authority.pem}`, privateKeyPem: privateKeyPem(keyPair.privateKey) };
}

function newHolder(name: string): {
  readonly keyPair: KeyPair;
  readonly subject: NameDescription;
  readonly own: Issuer;
} {
  const keyPair = generateKeyPair("p256");
  const subject = { O: "Example Partner", CN: name };
  const keyIdentifier = keyIdentifierOf(keyPair.publicKey);
  return { keyPair, subject, own: { name: subject, privateKey: keyPair.privateKey, keyIdentifier } };
}

function mint(request: Omit<CertificateRequest, "publicKey">, { publicKey }: KeyPair): string {
  return renderPem(issueCertificate({ ...request, publicKey }));
}

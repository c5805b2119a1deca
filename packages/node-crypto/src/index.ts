export { createCertificateRequest } from "./create-certificate-request.ts";
export { signEd25519, verifyEd25519 } from "./ed25519.ts";
export { generateKeyPair, type KeyPair, type KeyType, privateKeyPem } from "./generate-key-pair.ts";
export {
  type CertificateRequest,
  type Issuer,
  issueCertificate,
  issuerOf,
  keyIdentifierOf,
} from "./issue-certificate.ts";
export { nodeCrypto } from "./node-crypto.ts";
export { isOpenToOthers, openToOthers } from "./private-key-file.ts";

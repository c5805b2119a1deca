export { signEd25519, verifyEd25519 } from "./ed25519.ts";
export {
  type CertificateRequest,
  generateKeyPair,
  issueCertificate,
  type KeyPair,
  type KeyType,
  selfSigned,
} from "./issue-certificate.ts";
export { nodeCrypto } from "./node-crypto.ts";
export type { SigningAlgorithm } from "./signing-algorithm.ts";

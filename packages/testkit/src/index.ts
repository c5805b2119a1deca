export { type FixedClock, fixedClock } from "./fixed-clock.ts";
export { freePorts } from "./free-port.ts";
export {
  type RawParts,
  rawCertificate,
  rawExtensions,
  rawPublicKey,
  rawRsaKey,
  rawTime,
} from "./raw-certificate.ts";
export { createTemporaryDirectory, removeDirectory, temporaryDirectory } from "./temporary-directory.ts";
export { type Overrides, TestAuthority } from "./test-authority.ts";
export { TestCertificate } from "./test-certificate.ts";
export type { TestKeyType } from "./test-key-pair.ts";
export { testPki } from "./test-pki.ts";

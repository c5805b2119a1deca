/** RFC 5280 §4.1.1.2. */
export type AlgorithmIdentifier = {
  /** Dotted decimal. */
  readonly oid: string;
  /** The parameters with their header; undefined when absent. */
  readonly parameters: Uint8Array | undefined;
  /** The whole AlgorithmIdentifier with its header, for comparing byte by byte. */
  readonly der: Uint8Array;
};

/** RFC 5280 §4.1.2.7. `key` says what was read from the bytes without asking a crypto library. */
export type SubjectPublicKeyInfo = {
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** Content of subjectPublicKey without its unused-bits octet. */
  readonly bits: Uint8Array;
  readonly key: PublicKeyFacts;
};

export type PublicKeyFacts =
  | {
      readonly type: "rsa" | "rsa-pss";
      readonly modulusBits: number;
      readonly exponentBits: number;
      /** False for an even exponent or 1, which no RSA key has. */
      readonly exponentIsOddAboveOne: boolean;
    }
  | {
      readonly type: "ec";
      readonly curve: string | undefined;
      readonly explicitParameters: boolean;
      readonly bits: number;
    }
  | { readonly type: "ed25519" | "ed448" | "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87" }
  | { readonly type: "dsa" | "unknown" };

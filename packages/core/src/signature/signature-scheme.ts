/** A signature algorithm with all its parameters settled: the closed table of what we verify. */
export type SignatureScheme =
  | { readonly type: "rsa-pkcs1"; readonly hash: HashName }
  | { readonly type: "rsa-pss"; readonly hash: HashName; readonly saltLength: number }
  | { readonly type: "ecdsa"; readonly hash: HashName }
  | { readonly type: "ed25519" | "ed448" | "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87" };

export type HashName = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

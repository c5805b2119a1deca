import type { SubjectPublicKeyInfo } from "../certificate/subject-public-key-info.ts";

export type KeyProblem = {
  readonly code: "key-too-weak" | "key-too-big" | "key-curve-not-allowed" | "ec-explicit-curve" | "sig-alg-unsupported";
  readonly expected: string;
  readonly actual: string;
};

/** CA/Browser Forum and NIST SP 800-57 floor. */
const minRsaBits = 2_048;
/** A failing verification under RSA-16384 costs 1.7 ms, under RSA-8192 0.3 ms: what a hostile chain may ask for. */
const maxRsaBits = 8_192;
/** 65537 has 17 bits; a 3,071-bit exponent makes one verification cost 6 ms. */
const maxExponentBits = 33;

const allowedCurves: ReadonlySet<string> = new Set(["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"]);

/** Decides from the encoded key alone whether we verify under it; undefined when we do. */
export function checkKey({ key, algorithm }: SubjectPublicKeyInfo): KeyProblem | undefined {
  switch (key.type) {
    case "rsa":
    case "rsa-pss":
      return checkRsa(key);
    case "ec":
      return checkEc(key);
    case "dsa":
    case "unknown":
      return { code: "sig-alg-unsupported", expected: "RSA, ECDSA, Ed25519, Ed448 or ML-DSA", actual: algorithm.oid };
    default:
      return undefined;
  }
}

function checkRsa(key: {
  modulusBits: number;
  exponentBits: number;
  exponentIsOddAboveOne: boolean;
}): KeyProblem | undefined {
  if (key.modulusBits < minRsaBits) {
    return { code: "key-too-weak", expected: `RSA of at least ${minRsaBits} bits`, actual: `${key.modulusBits} bits` };
  }
  if (key.modulusBits > maxRsaBits) {
    return { code: "key-too-big", expected: `RSA of at most ${maxRsaBits} bits`, actual: `${key.modulusBits} bits` };
  }
  if (key.exponentBits > maxExponentBits) {
    return {
      code: "key-too-big",
      expected: `an exponent of at most ${maxExponentBits} bits`,
      actual: `${key.exponentBits} bits`,
    };
  }
  if (!key.exponentIsOddAboveOne) {
    return { code: "key-too-weak", expected: "an odd exponent above 1", actual: "an even one, or 1" };
  }
  return undefined;
}

function checkEc(key: {
  curve: string | undefined;
  explicitParameters: boolean;
  bits: number;
}): KeyProblem | undefined {
  // RFC 5480 §2.1.1: namedCurve only.
  if (key.explicitParameters)
    return { code: "ec-explicit-curve", expected: "a named curve", actual: "explicit parameters" };
  if (key.curve !== undefined && allowedCurves.has(key.curve)) return undefined;
  const actual = key.curve === undefined ? "no curve" : `${key.curve}${key.bits > 0 ? ` (${key.bits} bits)` : ""}`;
  const code = key.bits > 0 && key.bits < 256 ? "key-too-weak" : "key-curve-not-allowed";
  return { code, expected: "P-256, P-384 or P-521", actual };
}

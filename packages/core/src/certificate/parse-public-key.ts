import { DerFault } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { readIntegerOctets, readOctetAlignedBits } from "../der/primitive.ts";
import { tag } from "../der/tag.ts";
import type { AlgorithmIdentifier, PublicKeyFacts, SubjectPublicKeyInfo } from "./subject-public-key-info.ts";

/** RFC 5280 §4.1.1.2. */
export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const at = reader.position;
  const outerEnd = reader.step(tag.sequence, "an AlgorithmIdentifier");
  const der = reader.bytes.subarray(at, reader.end);
  const oid = readOid(reader);
  let parameters: Uint8Array | undefined;
  if (!reader.atEnd) {
    reader.next();
    parameters = reader.element();
  }
  reader.leave(outerEnd, "an AlgorithmIdentifier");
  return { oid, parameters, der };
}

/** RFC 5280 §4.1.2.7. What the key says of itself is read from the bytes: asking a library costs ten times as much. */
export function readSubjectPublicKeyInfo(reader: DerReader): SubjectPublicKeyInfo {
  const body = reader.enter(tag.sequence, "SubjectPublicKeyInfo");
  const der = reader.element();
  const algorithm = readAlgorithmIdentifier(body);
  const bits = readOctetAlignedBits(body);
  body.finish("SubjectPublicKeyInfo");
  return { der, algorithm, bits, key: describeKey(algorithm, bits, body.bytes) };
}

/** RFC 8032 §5.1.5 and §5.2.5, FIPS 204 table 2: a key of another length is none. */
const fixedLengthKeys: Readonly<Record<string, { readonly type: FixedLengthKeyType; readonly octets: number }>> = {
  "1.3.101.112": { type: "ed25519", octets: 32 },
  "1.3.101.113": { type: "ed448", octets: 57 },
  "2.16.840.1.101.3.4.3.17": { type: "ml-dsa-44", octets: 1_312 },
  "2.16.840.1.101.3.4.3.18": { type: "ml-dsa-65", octets: 1_952 },
  "2.16.840.1.101.3.4.3.19": { type: "ml-dsa-87", octets: 2_592 },
};

type FixedLengthKeyType = "ed25519" | "ed448" | "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87";

/** RFC 3279 §2.3, RFC 5480, RFC 8410, RFC 9881. */
function describeKey(algorithm: AlgorithmIdentifier, bits: Uint8Array, input: Uint8Array): PublicKeyFacts {
  const fixed = fixedLengthKeys[algorithm.oid];
  if (fixed !== undefined) return { type: bits.length === fixed.octets ? fixed.type : "unknown" };
  switch (algorithm.oid) {
    case "1.2.840.113549.1.1.1":
      return describeRsa("rsa", bits);
    case "1.2.840.113549.1.1.10":
      return describeRsa("rsa-pss", bits);
    case "1.2.840.10045.2.1":
      return describeEc(algorithm, input);
    case "1.2.840.10040.4.1":
      return { type: "dsa" };
    default:
      return { type: "unknown" };
  }
}

/** RSAPublicKey, RFC 8017 appendix A.1.1. A key that is none is of unknown type: unusable, but no fault of the encoding around it. */
function describeRsa(type: "rsa" | "rsa-pss", bits: Uint8Array): PublicKeyFacts {
  try {
    const body = new DerReader(bits).enter(tag.sequence, "an RSAPublicKey");
    const modulus = readIntegerOctets(body);
    const exponent = readIntegerOctets(body);
    body.finish("an RSAPublicKey");
    if (isNegative(modulus) || isNegative(exponent)) return { type: "unknown" };
    const exponentBits = bitLength(exponent);
    const isOdd = ((exponent[exponent.length - 1] as number) & 1) === 1;
    return { type, modulusBits: bitLength(modulus), exponentBits, exponentIsOddAboveOne: isOdd && exponentBits > 1 };
  } catch (fault) {
    if (fault instanceof DerFault) return { type: "unknown" };
    throw fault;
  }
}

function isNegative(octets: Uint8Array): boolean {
  return ((octets[0] as number) & 0x80) !== 0;
}

function bitLength(octets: Uint8Array): number {
  let i = 0;
  while (i < octets.length && octets[i] === 0) i++;
  return i === octets.length ? 0 : (octets.length - i) * 8 - Math.clz32(octets[i] as number) + 24;
}

const curveBits: Readonly<Record<string, number>> = {
  "1.2.840.10045.3.1.1": 192,
  "1.3.132.0.33": 224,
  "1.2.840.10045.3.1.7": 256,
  "1.3.132.0.10": 256,
  "1.3.36.3.3.2.8.1.1.7": 256,
  "1.3.132.0.34": 384,
  "1.3.36.3.3.2.8.1.1.11": 384,
  "1.3.132.0.35": 521,
  "1.3.36.3.3.2.8.1.1.13": 512,
};

/** RFC 5480 §2.1.1: a named curve; explicit parameters let an attacker choose the generator (CVE-2020-0601). */
function describeEc({ parameters }: AlgorithmIdentifier, input: Uint8Array): PublicKeyFacts {
  const explicitParameters = parameters !== undefined && parameters[0] === tag.sequence;
  const curve = parameters !== undefined && parameters[0] === tag.oid ? readCurve(parameters, input) : undefined;
  return { type: "ec", curve, explicitParameters, bits: curve === undefined ? 0 : (curveBits[curve] ?? 0) };
}

/** Over the whole input, so that a fault has its offset there. */
function readCurve(parameters: Uint8Array, input: Uint8Array): string {
  const start = parameters.byteOffset - input.byteOffset;
  return readOid(new DerReader(input, start, start + parameters.length));
}

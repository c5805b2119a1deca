import { nodeCrypto } from "@tcm/node-crypto";
import { rawPublicKey } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBits, encodeNull } from "../der/der-writer.ts";
import { encodeSignatureAlgorithm } from "../signature/encode-signature-algorithm.ts";
import { encodeCertificate, encodeTbsCertificate, type TbsDescription } from "./encode-certificate.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  type KeyUsageBit,
  keyUsageExtension,
  nameConstraintsExtension,
  subjectAltNameExtension,
  subjectKeyIdentifierExtension,
} from "./encode-extension.ts";
import { extensionOid } from "./extension-oid.ts";
import { encodeName } from "./encode-name.ts";
import { parseCertificate } from "./parse-certificate.ts";

const algorithm = encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha256" });
const usages: readonly KeyUsageBit[] = ["digitalSignature", "nonRepudiation", "keyCertSign", "cRLSign", "decipherOnly"];

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
const octets = fc.uint8Array({ minLength: 1, maxLength: 30 });
const time = fc.integer({ min: -62_000_000_000, max: 253_402_300_799 });
const oid = fc.array(fc.nat(), { minLength: 1, maxLength: 4 }).map((arcs) => ["1.3", ...arcs].join("."));
const description = fc.record({
  serialNumber: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => bytes.with(0, 1)),
  subject: fc.record({ O: text, CN: text }),
  issuer: fc.record({ C: fc.constant("DE"), CN: text }),
  notBefore: time,
  notAfter: time,
  bits: octets,
  signature: octets,
  pathLenConstraint: fc.option(fc.nat(0x7fffffff), { nil: undefined }),
  usage: fc.subarray([...usages]),
  purposes: fc.array(oid, { minLength: 1, maxLength: 4 }),
  dns: ascii,
  email: ascii,
  ip: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  keyIdentifier: octets,
});

describe("what is encoded is what the strict parser reads", () => {
  test("every field of any certificate survives", () => {
    fc.assert(
      fc.property(description, (made) => {
        const tbs: TbsDescription = {
          ...made,
          version: 3,
          signatureAlgorithm: algorithm,
          publicKey: rawPublicKey("1.2.3", encodeNull(), made.bits),
          extensions: [
            basicConstraintsExtension({
              cA: true,
              ...(made.pathLenConstraint !== undefined && { pathLenConstraint: made.pathLenConstraint }),
            }),
            keyUsageExtension(made.usage),
            extendedKeyUsageExtension(made.purposes),
            subjectAltNameExtension([{ dns: made.dns }, { email: made.email }, { ip: made.ip }], { critical: false }),
            nameConstraintsExtension({ permitted: [{ dns: made.dns }], excluded: [{ directoryName: made.subject }] }),
            subjectKeyIdentifierExtension(made.keyIdentifier),
            authorityKeyIdentifierExtension(made.keyIdentifier),
          ],
        };
        const encoded = encodeTbsCertificate(tbs);
        const parsed = parseCertificate(encodeCertificate(encoded, algorithm, made.signature), nodeCrypto);
        if (!parsed.ok) return expect.unreachable(parsed.problem.code);
        const { certificate } = parsed;
        expect(certificate.tbs).toEqual(encoded);
        expect(certificate).toMatchObject({
          serialNumber: made.serialNumber,
          notBefore: made.notBefore,
          notAfter: made.notAfter,
          signature: made.signature,
          publicKey: { bits: made.bits, key: { type: "unknown" } },
        });
        expect(certificate.subject.der).toEqual(encodeName(made.subject));
        expect(certificate.issuer.rdns.map(([attribute]) => attribute?.text)).toEqual(["DE", made.issuer.CN]);
        const { extensions } = certificate;
        const critical = [...extensions.all.values()]
          .filter((extension) => extension.critical)
          .map(({ oid: id }) => id);
        expect(critical).toEqual([extensionOid.basicConstraints, extensionOid.keyUsage, extensionOid.nameConstraints]);
        expect(extensions.basicConstraints?.pathLenConstraint).toBe(made.pathLenConstraint);
        expect(usages.filter((usage) => extensions.keyUsage?.[usage])).toEqual(made.usage);
        expect(extensions.extendedKeyUsage).toEqual(made.purposes);
        expect(extensions.subjectAltName).toEqual([
          { form: "dNSName", text: made.dns },
          { form: "rfc822Name", text: made.email },
          { form: "iPAddress", octets: made.ip },
        ]);
        expect(extensions.nameConstraints).toMatchObject({
          permittedSubtrees: [{ form: "dNSName", text: made.dns }],
          excludedSubtrees: [{ form: "directoryName", name: { canonical: certificate.subject.canonical } }],
        });
        expect(extensions.subjectKeyIdentifier).toEqual(made.keyIdentifier);
        expect(extensions.authorityKeyIdentifier).toEqual({ keyIdentifier: made.keyIdentifier });
      }),
    );
  });

  test("text that its string type cannot hold is refused, not bent", () => {
    expect(() => encodeName({ C: "DÄ" })).toThrow(RangeError);
    expect(() => encodeName({ DC: "é" })).toThrow(RangeError);
    expect(() => subjectAltNameExtension([{ dns: "é.example" }], { critical: false })).toThrow(RangeError);
  });

  test("an encoded name is taken as it stands", () => {
    const odd = encodeBits(new Uint8Array(3));
    expect(encodeName(odd)).toBe(odd);
  });
});

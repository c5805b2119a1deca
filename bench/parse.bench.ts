import { X509Certificate } from "node:crypto";
import { type Certificate, parseCertificate } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { Benchmark } from "./benchmark.ts";
import { certificateCorpus } from "./corpus.ts";
import { measure } from "./measure.ts";

/** Every field that `X509Certificate` has a getter for; ours are decoded already. */
function readAll(certificate: X509Certificate): number {
  const { subject, issuer, validFrom, validTo, serialNumber, fingerprint256, ca, keyUsage, subjectAltName } =
    certificate;
  const fields = [subject, issuer, validFrom, validTo, serialNumber, fingerprint256, ca, keyUsage, subjectAltName];
  return fields.length;
}

export const parseBenchmark: Benchmark = {
  name: "parse",
  about: "certificates decoded with all fields, against `new X509Certificate` and its getters",
  run: async () => {
    const corpus = certificateCorpus();
    const [peer, constructed, ours] = await measure(
      [
        {
          name: "getters",
          operations: corpus.ders.length,
          run: () => corpus.ders.forEach((der) => readAll(new X509Certificate(der))),
        },
        {
          name: "construct",
          operations: corpus.ders.length,
          run: () => corpus.ders.forEach((der) => new X509Certificate(der)),
        },
        { name: "ours", operations: corpus.ders.length, run: () => corpus.ders.forEach(parse) },
      ],
      { rounds: 9, minMsPerTurn: 200 },
    );
    return {
      rows: [
        { what: "ours", value: ours?.perCpuSecond ?? 0, unit: "certificates per CPU-second" },
        { what: "new X509Certificate + getters", value: peer?.perCpuSecond ?? 0, unit: "certificates per CPU-second" },
        {
          what: "new X509Certificate alone",
          value: constructed?.perCpuSecond ?? 0,
          unit: "certificates per CPU-second",
        },
        {
          what: "ours by X509Certificate + getters",
          value: ours?.ratio ?? 0,
          unit: "×",
          target: { relation: "at least", value: 3 },
        },
      ],
      notes: [corpus.description],
    };
  },
};

function parse(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(`the corpus does not parse: ${parsed.problem.code}`);
  return parsed.certificate;
}

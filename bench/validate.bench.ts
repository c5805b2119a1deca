import { readSubmission, validateCaSet } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { Benchmark } from "./benchmark.ts";
import { mintedAuthorities } from "./corpus.ts";
import { median } from "./measure.ts";

const rounds = 15;

export const validateBenchmark: Benchmark = {
  name: "validate",
  about: "an upload of 300 certificates from PEM to the findings, signatures between members included",
  run: () => {
    const entries = mintedAuthorities(300).map(({ pem }) => ({ certificatePem: pem }));
    const times = Array.from({ length: rounds }, () => cpuMs(() => validate(entries)));
    return {
      rows: [
        { what: "300 certificates", value: median(times), unit: "ms CPU", target: { relation: "at most", value: 100 } },
      ],
      notes: [`one root and 299 intermediates, P-256; median of ${rounds} runs, each from PEM`],
    };
  },
};

function validate(entries: readonly { readonly certificatePem: string }[]): void {
  const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };
  const now = Math.floor(Date.now() / 1000);
  const submission = readSubmission(entries, nodeCrypto);
  const { checked, findings } = validateCaSet(submission, { options, occasion: "create", now }, nodeCrypto);
  if (checked === undefined) throw new Error(`the upload does not validate: ${findings[0]?.code}`);
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

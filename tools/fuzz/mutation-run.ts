import { X509Certificate } from "node:crypto";
import {
  buildAnchorIndex,
  buildCrlIndex,
  type Certificate,
  type CertificateRevocationList,
  describePathResult,
  formatName,
  parseCertificate,
  parseCrl,
  type PathResult,
  pathLimits,
  type RevocationInputs,
  readCrls,
  renderPathResult,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { explainReading } from "./explain-difference.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import type { Seeds } from "./seeds.ts";

export type MutationReport = {
  mutations: number;
  parsed: number;
  /** What must never happen, with the bytes that made it happen. */
  readonly failures: { readonly what: string; readonly base64: string }[];
  /** We read it, OpenSSL does not: how often, for which reason. */
  readonly readByUsOnly: Map<string, number>;
  worstCpuMs: number;
};

export function openMutationReport(): MutationReport {
  return { mutations: 0, parsed: 0, failures: [], readByUsOnly: new Map(), worstCpuMs: 0 };
}

/** Spec §11: worst hostile input. Measured a second time before it counts: the first may be the compiler's. */
const maxCpuMs = 50;

/** Mutates and checks `count` times. */
export function runMutations(count: number, seeds: Seeds, random: Random, report: MutationReport): void {
  for (let i = 0; i < count; i++) {
    const kind = random.below(10);
    if (kind < 6) mutateCertificate(seeds, random, report);
    else if (kind < 8) mutateChain(seeds, random, report);
    else mutateCrl(seeds, random, report);
    report.mutations++;
  }
}

function mutateCertificate(seeds: Seeds, random: Random, report: MutationReport): void {
  const der = mutate(random.pick(seeds.certificates), random.pick(seeds.certificates), random);
  const parsed = guarded(report, der, () => parseCertificate(der, nodeCrypto));
  if (parsed === undefined || !parsed.ok) return;
  report.parsed++;
  const { certificate } = parsed;
  if (!Buffer.from(certificate.der).equals(der)) fail(report, "the decoded certificate is not the input", der);
  guarded(report, der, () => formatName(certificate.subject) + formatName(certificate.issuer));
  compareWithOpenSsl(certificate, der, report);
}

/** OpenSSL is the more lenient reader in nearly everything: the rest is counted by what it is. */
function compareWithOpenSsl(certificate: Certificate, der: Uint8Array, report: MutationReport): void {
  try {
    if (!new X509Certificate(der).raw.equals(der)) fail(report, "OpenSSL writes it back as other bytes", der);
  } catch {
    const why = explainReading(certificate);
    report.readByUsOnly.set(why, (report.readByUsOnly.get(why) ?? 0) + 1);
  }
}

/** The list of a CA that a good client needs is changed: that may never make the client's status known, good or bad. */
function mutateCrl(seeds: Seeds, random: Random, report: MutationReport): void {
  const { crls } = seeds.revocation;
  const position = random.below(crls.length + seeds.crls.length);
  const original = [...crls, ...seeds.crls][position] as Uint8Array;
  const der = mutate(original, random.pick([...crls, ...seeds.crls]), random);
  const parsed = guarded(report, der, () => parseCrl(der));
  if (!parsed?.ok) return;
  report.parsed++;
  if (position >= crls.length || isSameList(parsed.crl, original)) return;
  const others = crls.toSpliced(position, 1, der);
  for (const mode of ["hard-fail", "soft-fail"] as const) {
    const result = guarded(report, der, () => verifyRevocation(seeds, others, mode));
    const isKnown = mode === "hard-fail" ? result?.verdict === "accepted" : result?.verdict === "refused";
    if (isKnown) fail(report, `an altered list decides in ${mode}`, der);
  }
}

function isSameList({ tbs }: CertificateRevocationList, original: Uint8Array): boolean {
  const parsed = parseCrl(original);
  return parsed.ok && Buffer.from(parsed.crl.tbs).equals(tbs);
}

/** Of the client of the seeds, with these lists. */
export function verifyRevocation(
  seeds: Seeds,
  ders: readonly Uint8Array[],
  mode: RevocationInputs["mode"],
): PathResult {
  const { root, issuing, leaf, time } = seeds.revocation;
  return validatePath({
    presented: [read(leaf), read(issuing)],
    anchors: buildAnchorIndex([read(root)]),
    time,
    purpose: "clientAuth",
    profile: "compat",
    revocation: { crls: buildCrlIndex(ders.flatMap((one) => readCrls(one).crls)), mode },
    limits: pathLimits,
    crypto: nodeCrypto,
  });
}

/** One certificate of a valid path is changed. It may only be accepted as long as what was signed is the same. */
function mutateChain(seeds: Seeds, random: Random, report: MutationReport): void {
  const position = random.below(3);
  const der = mutate(seeds.chain[position] as Uint8Array, random.pick(seeds.certificates), random);
  const parsed = guarded(report, der, () => parseCertificate(der, nodeCrypto));
  if (parsed === undefined || !parsed.ok) return;
  report.parsed++;
  const originals = seeds.chain.map(read);
  const [leaf, issuing, root] = originals.with(position, parsed.certificate) as [Certificate, Certificate, Certificate];
  const result = guarded(report, der, () =>
    validatePath({
      presented: [leaf, issuing],
      anchors: buildAnchorIndex([root]),
      time: seeds.time,
      purpose: "clientAuth",
      profile: random.chance(0.5) ? "compat" : "strict",
      limits: pathLimits,
      crypto: nodeCrypto,
      advise: true,
    }),
  );
  if (result === undefined) return;
  guarded(report, der, () => renderPathResult(describePathResult(result)));
  const isSame = Buffer.from(parsed.certificate.tbs).equals((originals[position] as Certificate).tbs);
  // Nobody checks the signature of an anchor, so that an altered one may well work.
  if (result.verdict === "accepted" && !isSame && position !== 2)
    fail(report, "an altered certificate is accepted", der);
}

const known = new Map<Uint8Array, Certificate>();

function read(der: Uint8Array): Certificate {
  let certificate = known.get(der);
  if (certificate === undefined) {
    const parsed = parseCertificate(der, nodeCrypto);
    if (!parsed.ok) throw new Error(`a seed does not parse: ${parsed.problem.code}`);
    certificate = parsed.certificate;
    known.set(der, certificate);
  }
  return certificate;
}

function guarded<T>(report: MutationReport, der: Uint8Array, run: () => T): T | undefined {
  try {
    const first = measured(run);
    const { value, cpuMs } = first.cpuMs > maxCpuMs ? measured(run) : first;
    report.worstCpuMs = Math.max(report.worstCpuMs, cpuMs);
    if (cpuMs > maxCpuMs) fail(report, `took ${cpuMs.toFixed(0)} ms`, der);
    return value;
  } catch (error) {
    fail(report, `threw ${error instanceof Error ? error.stack : String(error)}`, der);
    return undefined;
  }
}

function measured<T>(run: () => T): { readonly value: T; readonly cpuMs: number } {
  const before = process.threadCpuUsage();
  const value = run();
  const { user, system } = process.threadCpuUsage(before);
  return { value, cpuMs: (user + system) / 1000 };
}

function fail(report: MutationReport, what: string, der: Uint8Array): void {
  report.failures.push({ what, base64: Buffer.from(der).toString("base64") });
}

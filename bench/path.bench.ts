import { X509Certificate } from "node:crypto";
import {
  type AnchorIndex,
  buildAnchorIndex,
  type Certificate,
  parseCertificate,
  pathLimits,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { testPki, type TestKeyType } from "@tcm/testkit";
import * as pkijs from "pkijs";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { type Contender, measure } from "./measure.ts";
import { buildOpensslPeer, type OpensslPeer } from "./openssl/openssl-peer.ts";

const keyTypes = ["rsa2048", "p256", "p384", "ed25519"] as const satisfies readonly TestKeyType[];
/** One call into C does this many, so that the crossing does not count. */
const inOneCall = 50;

export const pathBenchmark: Benchmark = {
  name: "path",
  about:
    "a path of three certificates, leaf and intermediate decoded each time, against OpenSSL in C, pkijs and X509Certificate",
  run: async () => {
    const peer = buildOpensslPeer();
    const rows: BenchmarkRow[] = [];
    for (const keyType of keyTypes) rows.push(...(await measureChain(keyType, peer)));
    const notes = [
      `openssl is ${process.versions.openssl}, the one inside node, called from C; signatures of ours go to the same library`,
    ];
    return { rows, notes: "missing" in peer ? [...notes, `OpenSSL in C was not measured: ${peer.missing}`] : notes };
  },
};

type Chain = {
  readonly leaf: Buffer;
  readonly intermediate: Buffer;
  readonly root: Buffer;
  readonly now: number;
  readonly anchors: AnchorIndex;
};

async function measureChain(keyType: (typeof keyTypes)[number], peer: OpensslPeer): Promise<readonly BenchmarkRow[]> {
  const chain = mintChain(keyType);
  const contenders: Contender[] = [
    { name: "ours", operations: 1, run: () => assertAccepted(verifyOurs(chain)) },
    { name: "X509Certificate", operations: 1, run: () => assertAccepted(verifyNaively(chain)) },
  ];
  if ("verify" in peer) {
    const run = (): void =>
      assertAccepted(peer.verify(chain.leaf, chain.intermediate, chain.root, chain.now, inOneCall) === inOneCall);
    contenders.push({ name: "OpenSSL", operations: inOneCall, run });
  }
  // pkijs speaks no Ed25519.
  if (keyType !== "ed25519")
    contenders.push({ name: "pkijs", operations: 1, run: async () => assertAccepted(await verifyPkijs(chain)) });
  const measured = await measure(contenders, { rounds: 9, minMsPerTurn: 120 });
  const targets: Readonly<Record<string, number>> = keyType === "p256" ? { OpenSSL: 0.9, pkijs: 20 } : {};
  return measured.flatMap(({ name, perCpuSecond, ratio }): readonly BenchmarkRow[] => {
    const rate = { what: `${keyType} ${name}`, value: perCpuSecond, unit: "paths per CPU-second" };
    if (name === "ours") return [rate];
    const target = targets[name];
    const within = target !== undefined && { target: { relation: "at least", value: target } as const };
    return [rate, { what: `${keyType} ours by ${name}`, value: 1 / ratio, unit: "×", ...within }];
  });
}

function mintChain(keyType: TestKeyType): Chain {
  const pki = testPki({ now: new Date() });
  const root = pki.root("Bench Root", { keyType });
  const intermediate = root.intermediate("Bench Issuing", { keyType });
  const leaf = intermediate.leaf("bench-client", { keyType });
  return {
    leaf: Buffer.from(leaf.der),
    intermediate: Buffer.from(intermediate.der),
    root: Buffer.from(root.der),
    now: pki.now,
    anchors: buildAnchorIndex([root.certificate]),
  };
}

function assertAccepted(isAccepted: boolean): void {
  if (!isAccepted) throw new Error("the path was not accepted");
}

function verifyOurs({ leaf, intermediate, anchors, now }: Chain): boolean {
  const result = validatePath({
    presented: [parse(leaf), parse(intermediate)],
    anchors,
    time: now,
    purpose: "clientAuth",
    profile: "compat",
    limits: pathLimits,
    crypto: nodeCrypto,
  });
  return result.verdict === "accepted";
}

function parse(der: Buffer): Certificate {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.certificate;
}

/** What applications do by hand: names, signatures, dates, CA bit; no constraints, no purposes, no search. */
function verifyNaively({ leaf, intermediate, root, now }: Chain): boolean {
  const chain = [new X509Certificate(leaf), new X509Certificate(intermediate), rootOf(root)];
  return chain.slice(0, -1).every((child, i) => {
    const issuer = chain[i + 1] as X509Certificate;
    const isInTime = child.validFromDate.getTime() <= now * 1000 && now * 1000 <= child.validToDate.getTime();
    return isInTime && issuer.ca && child.checkIssued(issuer) && child.verify(issuer.publicKey);
  });
}

/** The anchor is decoded once by everybody. */
const roots = new WeakMap<Buffer, X509Certificate>();

function rootOf(der: Buffer): X509Certificate {
  const known = roots.get(der) ?? new X509Certificate(der);
  roots.set(der, known);
  return known;
}

async function verifyPkijs({ leaf, intermediate, root, now }: Chain): Promise<boolean> {
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: [pkijs.Certificate.fromBER(root)],
    certs: [pkijs.Certificate.fromBER(intermediate), pkijs.Certificate.fromBER(leaf)],
    checkDate: new Date(now * 1000),
  });
  const { result } = await engine.verify();
  return result;
}

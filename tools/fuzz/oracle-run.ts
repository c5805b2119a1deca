import {
  buildAnchorIndex,
  type Certificate,
  describePathResult,
  parseCertificate,
  type PathResult,
  pathLimits,
  renderPathResult,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { explainDifference } from "./explain-difference.ts";
import type { OracleVerdict } from "./openssl-oracle.ts";
import type { Random } from "./random.ts";
import { type RandomPki, randomPki } from "./random-pki.ts";

export type OracleReport = {
  pkis: number;
  clients: number;
  bothAccept: number;
  bothRefuse: number;
  readonly explained: Map<string, number>;
  readonly unexplained: { readonly what: string; readonly pki: string }[];
};

export function openOracleReport(): OracleReport {
  return { pkis: 0, clients: 0, bothAccept: 0, bothRefuse: 0, explained: new Map(), unexplained: [] };
}

export function runPkis(
  count: number,
  random: Random,
  ask: (pki: RandomPki) => readonly OracleVerdict[],
  report: OracleReport,
): void {
  for (let i = 0; i < count; i++) {
    const pki = randomPki(random);
    const theirs = ask(pki);
    const anchors = buildAnchorIndex(pki.anchors.map(read));
    const presented = pki.presented.map(read);
    for (const [j, leaf] of pki.leaves.map(read).entries()) {
      const ours = verify([leaf, ...presented], anchors, pki.time);
      compare(ours, theirs[j] as OracleVerdict, { ...pki, leaves: [pki.leaves[j] as Uint8Array] }, report);
    }
    report.pkis++;
  }
}

function verify(
  presented: [Certificate, ...Certificate[]],
  anchors: ReturnType<typeof buildAnchorIndex>,
  time: number,
) {
  return validatePath({
    presented,
    anchors,
    time,
    purpose: "clientAuth",
    profile: "compat",
    limits: pathLimits,
    crypto: nodeCrypto,
    advise: true,
  });
}

function compare(ours: PathResult, theirs: OracleVerdict, pki: RandomPki, report: OracleReport): void {
  report.clients++;
  if ((ours.verdict === "accepted") === theirs.accepted) {
    if (theirs.accepted) report.bothAccept++;
    else report.bothRefuse++;
    return;
  }
  const why = explainDifference(ours, theirs);
  if (why !== undefined) report.explained.set(why, (report.explained.get(why) ?? 0) + 1);
  else report.unexplained.push({ what: describeDifference(ours, theirs), pki: dump(pki) });
}

function describeDifference(ours: PathResult, { accepted, error }: OracleVerdict): string {
  return `OpenSSL: ${accepted ? "accepted" : `error ${error}`}. Ours: ${renderPathResult(describePathResult(ours))}`;
}

/** Everything that is needed to look at it again. */
function dump({ anchors, presented, leaves, time }: RandomPki): string {
  const base64 = (ders: readonly Uint8Array[]): readonly string[] =>
    ders.map((der) => Buffer.from(der).toString("base64"));
  return JSON.stringify({ time, anchors: base64(anchors), presented: base64(presented), leaves: base64(leaves) });
}

function read(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(`a minted certificate does not parse: ${parsed.problem.code}`);
  return parsed.certificate;
}

import {
  buildAnchorIndex,
  buildCrlIndex,
  type Certificate,
  describePathResult,
  parseCertificate,
  type PathResult,
  pathLimits,
  readCrls,
  renderPathResult,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { explainDifference, explainRevocation } from "./explain-difference.ts";
import type { OracleVerdict } from "./openssl-oracle.ts";
import type { Random } from "./random.ts";
import { type RandomCrls, randomCrls } from "./random-crls.ts";
import { type RandomPki, randomPki } from "./random-pki.ts";

export type OracleReport = {
  pkis: number;
  clients: number;
  bothAccept: number;
  bothRefuse: number;
  readonly explained: Map<string, number>;
  readonly unexplained: { readonly what: string; readonly pki: string }[];
};

/** The same for revocation: hard fail with the lists at hand against `openssl verify -crl_check_all`. */
export function runRevocation(
  count: number,
  random: Random,
  ask: (pki: RandomCrls) => OracleVerdict,
  report: OracleReport,
): void {
  for (let i = 0; i < count; i++) {
    const pki = randomCrls(random);
    const crls = pki.crls.flatMap((der) => readCrls(der).crls);
    const ours = validatePath({
      presented: [read(pki.leaf), read(pki.issuing)],
      anchors: buildAnchorIndex([read(pki.root)]),
      time: pki.time,
      purpose: "clientAuth",
      profile: "compat",
      revocation: { crls: buildCrlIndex(crls), mode: "hard-fail" },
      limits: pathLimits,
      crypto: nodeCrypto,
    });
    const hasSeveralLists = crls.length > new Set(crls.map(({ issuer }) => issuer.canonical)).size;
    const explain: Explain = (one, other) => explainRevocation(one, other, hasSeveralLists);
    compare(ours, ask(pki), explain, () => dumpAll(pki), report);
    report.pkis++;
  }
}

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
      const one = { ...pki, leaves: [pki.leaves[j] as Uint8Array] };
      compare(ours, theirs[j] as OracleVerdict, explainDifference, () => dumpAll(one), report);
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

type Explain = (ours: PathResult, theirs: OracleVerdict) => string | undefined;

function compare(
  ours: PathResult,
  theirs: OracleVerdict,
  explain: Explain,
  dump: () => string,
  report: OracleReport,
): void {
  report.clients++;
  if ((ours.verdict === "accepted") === theirs.accepted) {
    if (theirs.accepted) report.bothAccept++;
    else report.bothRefuse++;
    return;
  }
  const why = explain(ours, theirs);
  if (why !== undefined) report.explained.set(why, (report.explained.get(why) ?? 0) + 1);
  else report.unexplained.push({ what: describeDifference(ours, theirs), pki: dump() });
}

function describeDifference(ours: PathResult, { accepted, error }: OracleVerdict): string {
  return `OpenSSL: ${accepted ? "accepted" : `error ${error}`}. Ours: ${renderPathResult(describePathResult(ours))}`;
}

/** Everything that is needed to look at it again. */
function dumpAll(pki: RandomPki | RandomCrls): string {
  return JSON.stringify(pki, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
}

function read(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(`a minted certificate does not parse: ${parsed.problem.code}`);
  return parsed.certificate;
}

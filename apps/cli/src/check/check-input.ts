import {
  type CaSetOptions,
  type ChainStructure,
  chainStructure,
  type CryptoPort,
  type Finding,
  type FindingCode,
  findingDetail,
  findingTitle,
  formatPlace,
  type Place,
  type PlacedProblem,
  readSubmission,
  type Severity,
  type SplitFiles,
  type UnixSeconds,
  validateCaSet,
} from "@tcm/core";
import { wordsOfFiles } from "../output/finding-words.ts";

/** One finding, tied to where it is in the files. JSON-safe: `tcm check --json` prints it. */
export type PlacedFinding = {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly file: string | null;
  readonly position: number | null;
  readonly line: number | null;
  readonly subject: string | null;
  readonly fingerprint: string | null;
  readonly title: string;
  readonly detail: string;
  readonly cites: string;
  readonly evidence: Readonly<Record<string, unknown>>;
};

export type CheckResult = {
  /** No finding is an error: a version could be made of it. */
  readonly ok: boolean;
  readonly certificates: number;
  readonly options: CaSetOptions;
  readonly findings: readonly PlacedFinding[];
  readonly trustChains: ChainStructure;
};

/** Judges files as the server would judge them as a new version. Findings are in the order of the files. */
export function checkInput(
  { entries, places, problems }: SplitFiles,
  options: CaSetOptions,
  now: UnixSeconds,
  crypto: CryptoPort,
): CheckResult {
  const submission = readSubmission(entries, crypto);
  const { findings, graph } = validateCaSet(submission, { options, occasion: "validate", now }, crypto);
  const members = submission.members.map(({ certificate }) => certificate);
  const placed = [...problems.map(placeProblem), ...findings.map((finding) => placeFinding(finding, places))];
  return {
    ok: placed.every(({ severity }) => severity !== "error"),
    certificates: members.length,
    options,
    findings: inFileOrder(placed, [...places, ...problems.map(({ place }) => place)]),
    trustChains: chainStructure(members, graph),
  };
}

/** Also what `tcm upload` refuses before anything is sent: a private key, say. Carries no content of the block. */
export function placeProblem({
  place,
  problem: { code, line, offset, label, expected },
}: PlacedProblem): PlacedFinding {
  const isForeignBlock = code === "pem-unexpected-block";
  const finding = {
    code: isForeignBlock ? "unexpected-pem-block" : "malformed-certificate",
    severity: "error",
    index: undefined,
    subject: undefined,
    fingerprint: undefined,
    evidence: { line, offset, expected, ...(isForeignBlock ? { label } : { reason: code }) },
    cites: isForeignBlock ? "RFC 7468 §5" : "RFC 7468 §2",
  } as const satisfies Finding;
  return placeFinding({ ...finding, index: 0 }, [place]);
}

function placeFinding(finding: Finding, places: readonly Place[]): PlacedFinding {
  const { severity, code, index, subject, fingerprint, cites, evidence } = finding;
  const place = index === undefined ? undefined : places[index];
  return {
    severity,
    code,
    file: place?.file ?? null,
    position: place?.position ?? null,
    line: place?.line ?? null,
    subject: subject ?? null,
    fingerprint: fingerprint ?? null,
    title: findingTitle(code),
    detail: findingDetail(finding, wordsOfFiles(placeIn(places))),
    cites,
    evidence,
  };
}

function placeIn(places: readonly Place[]): (index: number) => string | undefined {
  return (index) => {
    const place = places[index];
    return place && formatPlace(place);
  };
}

/** By file as given, then by line; what is about the whole set comes last. */
function inFileOrder(findings: readonly PlacedFinding[], places: readonly Place[]): readonly PlacedFinding[] {
  const rank = new Map([...new Set(places.map(({ file }) => file))].map((file, index) => [file, index]));
  const last = Number.MAX_SAFE_INTEGER;
  const rankOf = ({ file }: PlacedFinding): number => (file === null ? last : (rank.get(file) ?? last));
  return findings.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.line ?? last) - (b.line ?? last));
}

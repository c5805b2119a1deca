import { decodePem, type DecodedPem, type PemProblem } from "../pem/decode-pem.ts";
import type { SubmittedCertificate } from "./read-submission.ts";

/** One file as it was read, or text that was pasted. */
export type TextFile = { readonly name: string; readonly text: string };

/** Where a certificate, or what was no certificate, stands in the files. */
export type Place = {
  readonly file: string;
  /** From 1, among the certificates of its file, damaged ones included; undefined for what is no certificate. */
  readonly position: number | undefined;
  readonly line: number;
};

export type PlacedProblem = { readonly place: Place; readonly problem: PemProblem };

/** The certificates of all files, one an entry, in order; `places` runs beside `entries`. */
export type SplitFiles = {
  readonly entries: readonly SubmittedCertificate[];
  /** Their bytes as decoded, beside `entries`. */
  readonly ders: readonly Uint8Array[];
  readonly places: readonly Place[];
  readonly problems: readonly PlacedProblem[];
};

/** Far above what a version may hold, so that the excess is reported as such. */
const maxBlocksPerFile = 5_000;

export function splitFiles(files: readonly TextFile[]): SplitFiles {
  const entries: SubmittedCertificate[] = [];
  const ders: Uint8Array[] = [];
  const places: Place[] = [];
  const problems: PlacedProblem[] = [];
  for (const { name: file, text } of files) {
    const decoded = decodePem(text, { maxBlocks: maxBlocksPerFile });
    const positions = positionsOf(decoded);
    for (const { der, offset, end, line } of decoded.blocks) {
      entries.push({ certificatePem: text.slice(offset, end) });
      ders.push(der);
      places.push({ file, position: positions.get(offset), line });
    }
    for (const problem of decoded.problems)
      problems.push({ problem, place: { file, position: positions.get(problem.offset), line: problem.line } });
  }
  return { entries, ders, places, problems };
}

/** By where each begins, or is damaged: the third of a file stays the third when the second cannot be read. */
function positionsOf({ blocks, problems }: DecodedPem): ReadonlyMap<number, number> {
  const certificates = [...blocks, ...problems.filter(isDamagedCertificate)].map(({ offset }) => offset);
  return new Map(certificates.sort((a, b) => a - b).map((offset, i) => [offset, i + 1]));
}

function isDamagedCertificate({ code, label }: PemProblem): boolean {
  return label === "CERTIFICATE" && code !== "pem-too-many-blocks";
}

/** `partners.pem, certificate 2 (line 23)`. */
export function formatPlace({ file, position, line }: Place): string {
  return position === undefined ? `${file}, line ${line}` : `${file}, certificate ${position} (line ${line})`;
}

/** The place of `/certificates/N`, the pointer of everything that the server says about one certificate. */
export function placeOfPointer(places: readonly Place[], pointer: string): string | undefined {
  const index = /^\/certificates\/(\d{1,4})(?:\/|$)/.exec(pointer)?.[1];
  const place = index === undefined ? undefined : places[Number(index)];
  return place === undefined ? undefined : formatPlace(place);
}

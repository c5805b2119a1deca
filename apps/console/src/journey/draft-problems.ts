import type { ProblemItemView } from "@tcm/api-contract";
import { findingDetail, isFindingCode } from "@tcm/core";
import { shortName } from "../structure/tree-items.ts";
import { localTime } from "../text/time-text.ts";
import type { DraftCertificate } from "./draft.ts";
import { optionLabel } from "./option-label.ts";

/** What was found about a draft, in words that stay right when other certificates are taken out of it. */
export type DraftProblem = {
  readonly code: string;
  readonly detail: string;
  /** The certificate of the draft that it is about; undefined: it is about the whole. */
  readonly id: number | undefined;
};

/** One certificate with all that was found about it. */
export type ProblemGroup = {
  readonly about: DraftCertificate | undefined;
  readonly problems: readonly DraftProblem[];
};

/** The server names certificates by their index in what it was asked about: `certificates` are those. Pure. */
export function draftProblems(
  items: readonly ProblemItemView[],
  certificates: readonly DraftCertificate[],
): readonly DraftProblem[] {
  return items.map((item) => {
    const index = indexOfPointer(item.pointer);
    const code = item.type.slice(item.type.lastIndexOf("/") + 1);
    return {
      code,
      detail: detailOf(code, item, certificates),
      id: index === undefined ? undefined : certificates[index]?.id,
    };
  });
}

/** What is still to be mended after certificates were taken out; what is about the whole may be. Pure. */
export function problemsOfThose(
  problems: readonly DraftProblem[],
  certificates: readonly DraftCertificate[],
): readonly DraftProblem[] {
  const ids = new Set(certificates.map(({ id }) => id));
  return problems.filter(({ id }) => id === undefined || ids.has(id));
}

/** By certificate, in the order in which they are first told of. What ends soon comes first: it cannot wait. Pure. */
export function groupByCertificate(
  problems: readonly DraftProblem[],
  certificates: readonly DraftCertificate[],
): readonly ProblemGroup[] {
  const byId = new Map(certificates.map((one) => [one.id, one]));
  const isEnding = ({ code }: DraftProblem): boolean => code === "expiring-certificate";
  const ordered = problems.toSorted((a, b) => Number(isEnding(b)) - Number(isEnding(a)));
  const groups = Map.groupBy(ordered, ({ id }) => id);
  return [...groups].flatMap(([id, all]) => {
    // What is about the whole is told one by one: nothing else holds it together.
    if (id === undefined) return all.map((one) => ({ about: undefined, problems: [one] }));
    return [{ about: byId.get(id), problems: all }];
  });
}

/** Where a certificate stands and whose it is, before what is said of it: "a.pem, certificate 2 (line 9): Root A. " Pure. */
export function placeAndName({ from, subject }: Pick<DraftCertificate, "from" | "subject">): string {
  return subject === undefined ? `${from}: ` : `${from}: ${shortName(subject)}. `;
}

/** The sentence of the API, with what this page calls its certificates and options. What this console does not know, it repeats. */
function detailOf(
  code: string,
  { detail, contextInfo }: ProblemItemView,
  certificates: readonly DraftCertificate[],
): string {
  if (contextInfo === undefined || !isFindingCode(code)) return detail;
  return findingDetail(
    { code, evidence: contextInfo },
    {
      certificate: (index) => certificates[index]?.from ?? "another certificate",
      option: (name) => `"${optionLabel[name]}"`,
      time: (iso) => localTime(iso),
    },
  );
}

/** Index of the certificate that a pointer of the server's names, such as `/certificates/3/certificatePem`. */
export function indexOfPointer(pointer: string | undefined): number | undefined {
  const index = /^\/certificates\/(\d{1,4})(?:\/|$)/.exec(pointer ?? "")?.[1];
  return index === undefined ? undefined : Number(index);
}

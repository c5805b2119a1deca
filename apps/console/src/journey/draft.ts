import type { ProblemItemView, ValidateResponse } from "@tcm/api-contract";
import { formatPlace, type Place } from "@tcm/core";
import { type DraftProblem, draftProblems, problemsOfThose } from "./draft-problems.ts";
import { type Refused, refusedFile, refusedSince } from "./refused-text.ts";

/** A certificate as it was handed in; `id` is good within one draft. */
export type DraftCertificate = {
  readonly id: number;
  readonly certificatePem: string;
  /** As it was read here; undefined: it could not be. */
  readonly subject: string | undefined;
  /** Its notAfter, as it was read here; undefined: it could not be. */
  readonly endDate: string | undefined;
  /** The file and the place in it, in words. */
  readonly from: string;
  readonly description: string | null;
};

export type DraftOptions = {
  readonly requireRootCertificate: boolean;
  readonly allowInsecureSha1: boolean;
  readonly allowDuplicateCommonNames: boolean;
};

/** What was made in the browser and is written nowhere before it is saved. */
export type Draft = {
  readonly certificates: readonly DraftCertificate[];
  /** What was handed in and is no certificate. It is not kept: a private key leaves no trace but this. */
  readonly refused: readonly Refused[];
  readonly options: DraftOptions;
  /** What the version is for; empty: it is not said. */
  readonly description: string;
  /** What the server said of exactly these certificates and options; undefined: it was not asked since the last change. */
  readonly verdict: Verdict | undefined;
  /** What the server last found wrong with what is still here, where something changed since; undefined: nothing is outdated. */
  readonly lastProblems: readonly DraftProblem[] | undefined;
  /** Rises with everything that a verdict depends on. */
  readonly revision: number;
  readonly nextId: number;
};

export type Verdict =
  | { readonly ok: true; readonly response: ValidateResponse }
  | { readonly ok: false; readonly items: readonly ProblemItemView[]; readonly error: unknown };

/** What the server read from a certificate of the draft; they stand in the order of the draft's. */
export type JudgedCertificate = ValidateResponse["certificates"][number];

/** One certificate with where it was found, as `splitFiles` gives it. */
export type FoundCertificate = Pick<DraftCertificate, "certificatePem" | "subject" | "endDate"> & {
  readonly place: Place;
};

export type DraftChange =
  | { readonly type: "add"; readonly found: readonly FoundCertificate[]; readonly refused: readonly Refused[] }
  | { readonly type: "remove"; readonly ids: readonly number[] }
  | { readonly type: "describe"; readonly id: number; readonly description: string | null }
  | { readonly type: "describe-version"; readonly description: string }
  | { readonly type: "set-option"; readonly option: keyof DraftOptions; readonly value: boolean }
  | { readonly type: "forget-refused" }
  | { readonly type: "judge"; readonly verdict: Verdict; readonly revision: number };

/** As the console has it unless told otherwise: everything chains to a root in the set. */
export const usualOptions: DraftOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

export function emptyDraft(options: DraftOptions = usualOptions): Draft {
  return {
    certificates: [],
    refused: [],
    options,
    description: "",
    verdict: undefined,
    lastProblems: undefined,
    revision: 0,
    nextId: 1,
  };
}

/** The draft after one change. A verdict holds for what it was given about, and for nothing else. Pure. */
export function changeDraft(draft: Draft, change: DraftChange): Draft {
  const { certificates, options } = draft;
  switch (change.type) {
    case "add":
      return addFound({ ...draft, refused: refusedAfter(draft, change) }, change.found);
    case "remove":
      return unjudged(draft, { certificates: certificates.filter(({ id }) => !change.ids.includes(id)) });
    case "describe":
      return {
        ...draft,
        certificates: certificates.map((one) => (one.id === change.id ? describe(one, change) : one)),
      };
    case "describe-version":
      return { ...draft, description: change.description };
    case "set-option":
      return unjudged(draft, { options: { ...options, [change.option]: change.value } });
    case "forget-refused":
      return { ...draft, refused: [] };
    case "judge":
      // What was added while the server thought was not asked about.
      return change.revision === draft.revision
        ? { ...draft, verdict: change.verdict, lastProblems: undefined }
        : draft;
  }
}

type Addition = Extract<DraftChange, { readonly type: "add" }>;

function refusedAfter(draft: Draft, { found, refused }: Addition): Draft["refused"] {
  const files = [...found.map(({ place }) => place.file), ...refused.map(refusedFile)];
  return [...refusedSince(draft.refused, files), ...refused];
}

function addFound(draft: Draft, found: readonly FoundCertificate[]): Draft {
  if (found.length === 0) return draft;
  const added = found.map(({ certificatePem, subject, endDate, place }, i) => ({
    id: draft.nextId + i,
    certificatePem,
    subject,
    endDate,
    from: formatPlace(place),
    description: null,
  }));
  return {
    ...unjudged(draft, { certificates: [...draft.certificates, ...added] }),
    nextId: draft.nextId + added.length,
  };
}

function unjudged(draft: Draft, part: Partial<Pick<Draft, "certificates" | "options">>): Draft {
  const next = { ...draft, ...part };
  const known = knownProblems(draft);
  const lastProblems = known && problemsOfThose(known, next.certificates);
  return { ...next, verdict: undefined, lastProblems, revision: draft.revision + 1 };
}

/** Of a request that was refused as a whole nothing is known that would hold for what comes after. */
function knownProblems({ verdict, certificates, lastProblems }: Draft): Draft["lastProblems"] {
  if (verdict === undefined) return lastProblems;
  if (verdict.ok || verdict.items.length === 0) return undefined;
  return draftProblems(verdict.items, certificates);
}

function describe(one: DraftCertificate, { description }: Pick<DraftCertificate, "description">): DraftCertificate {
  return { ...one, description };
}

/** The body of `certificates/validate`. */
export function draftBody({ certificates, options }: Draft) {
  return {
    ...options,
    certificates: certificates.map(({ certificatePem, description }) => ({
      certificatePem,
      ...(description !== null && { description }),
    })),
  };
}

/** The body of a version. */
export function versionBody(draft: Draft) {
  const description = draft.description.trim();
  return { ...draftBody(draft), description: description === "" ? null : description };
}

/** How many certificates the version will have: one that was handed in twice is written once. */
export function writtenCount({ certificates, verdict }: Draft): number {
  const names =
    verdict?.ok === true
      ? verdict.response.certificates.map(({ fingerprint }) => fingerprint)
      : certificates.map(({ certificatePem }) => certificatePem.replaceAll(/\s/g, ""));
  return new Set(names).size;
}

/** May be saved: the server has found nothing wrong with what is there now. */
export function isAccepted({ verdict, certificates, refused }: Draft): boolean {
  return verdict?.ok === true && certificates.length > 0 && refused.length === 0;
}

/** Whether something would be lost: a verdict can be had again. */
export function isChanged(from: Draft, to: Draft): boolean {
  return from.certificates !== to.certificates || from.options !== to.options || from.description !== to.description;
}

import type { ProblemItemView, ValidateResponse } from "@tcm/api-contract";
import type { Place, PlacedProblem } from "@tcm/core";

/** A certificate as it was handed in; `id` is good within one draft. */
export type DraftCertificate = {
  readonly id: number;
  readonly certificatePem: string;
  readonly place: Place;
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
  readonly refused: readonly PlacedProblem[];
  readonly options: DraftOptions;
  /** What the server said of exactly these certificates and options; undefined: it was not asked since the last change. */
  readonly verdict: Verdict | undefined;
  readonly nextId: number;
};

export type Verdict =
  | { readonly ok: true; readonly response: ValidateResponse }
  | { readonly ok: false; readonly items: readonly ProblemItemView[]; readonly error: unknown };

/** One certificate with where it was found, as `splitFiles` gives it. */
export type FoundCertificate = Pick<DraftCertificate, "certificatePem" | "place">;

export type DraftChange =
  | { readonly type: "add"; readonly found: readonly FoundCertificate[]; readonly refused: readonly PlacedProblem[] }
  | { readonly type: "remove"; readonly ids: readonly number[] }
  | { readonly type: "describe"; readonly id: number; readonly description: string | null }
  | { readonly type: "set-option"; readonly option: keyof DraftOptions; readonly value: boolean }
  | { readonly type: "forget-refused" }
  | { readonly type: "judge"; readonly verdict: Verdict };

/** As the console has it unless told otherwise: everything chains to a root in the set. */
export const usualOptions: DraftOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

export function emptyDraft(options: DraftOptions = usualOptions): Draft {
  return { certificates: [], refused: [], options, verdict: undefined, nextId: 1 };
}

/** The draft after one change. A verdict holds for what it was given about, and for nothing else. Pure. */
export function changeDraft(draft: Draft, change: DraftChange): Draft {
  switch (change.type) {
    case "add": {
      const added = change.found.map((found, i) => ({ ...found, id: draft.nextId + i, description: null }));
      return {
        ...draft,
        certificates: [...draft.certificates, ...added],
        refused: change.refused,
        nextId: draft.nextId + added.length,
        ...(added.length > 0 && { verdict: undefined }),
      };
    }
    case "remove":
      return {
        ...draft,
        certificates: draft.certificates.filter(({ id }) => !change.ids.includes(id)),
        verdict: undefined,
      };
    case "describe":
      return {
        ...draft,
        certificates: draft.certificates.map((one) =>
          one.id === change.id ? { ...one, description: change.description } : one,
        ),
      };
    case "set-option":
      return { ...draft, options: { ...draft.options, [change.option]: change.value }, verdict: undefined };
    case "forget-refused":
      return { ...draft, refused: [] };
    case "judge":
      return { ...draft, verdict: change.verdict };
  }
}

/** The body of `certificates/validate` and, with a description of the whole, of a version. */
export function draftBody({ certificates, options }: Draft) {
  return {
    ...options,
    certificates: certificates.map(({ certificatePem, description }) => ({
      certificatePem,
      ...(description !== null && { description }),
    })),
  };
}

/** May be saved: the server has found nothing wrong with what is there now. */
export function isAccepted({ verdict, certificates, refused }: Draft): boolean {
  return verdict?.ok === true && certificates.length > 0 && refused.length === 0;
}

/** Whether something would be lost: a verdict can be had again. */
export function isChanged(from: Draft, to: Draft): boolean {
  return from.certificates !== to.certificates || from.options !== to.options;
}

/** Index of the certificate that a pointer of the server's names, such as `/certificates/3/certificatePem`. */
export function indexOfPointer(pointer: string | undefined): number | undefined {
  const index = /^\/certificates\/(\d{1,4})(?:\/|$)/.exec(pointer ?? "")?.[1];
  return index === undefined ? undefined : Number(index);
}

import type { VersionDiffView, VersionView } from "@tcm/api-contract";
import type { Draft, DraftOptions } from "./draft.ts";

export type MemberFacts = {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly endDate: string;
  readonly description: string | null;
};

/** What people decide about in a version. */
export type Content = {
  readonly members: readonly MemberFacts[];
  readonly options: DraftOptions;
  readonly description: string | null;
};

export function contentOfVersion({ certificates = [], description, ...version }: VersionView): Content {
  return { members: certificates.map(factsOf), options: optionsOf(version), description };
}

/** Of a draft that the server has found nothing wrong with: each certificate once, as it will be stored. */
export function contentOfDraft({ certificates, verdict, options, description }: Draft): Content {
  const judged = verdict?.ok === true ? verdict.response.certificates : [];
  const members = new Map<string, MemberFacts>();
  for (const [i, facts] of judged.entries()) {
    const own = { ...factsOf(facts), description: certificates[i]?.description ?? null };
    if (!members.has(own.fingerprint)) members.set(own.fingerprint, own);
  }
  return { members: [...members.values()], options, description: description.trim() || null };
}

export type ContentDiff = Pick<VersionDiffView, "added" | "removed" | "keptCount" | "options"> & {
  /** Certificates that stay, with other words about them. */
  readonly described: readonly (MemberFacts & { readonly from: string | null })[];
  /** The words about the whole; undefined: they stay. */
  readonly description: { readonly from: string | null; readonly to: string | null } | undefined;
};

/** What turns one into the other. Pure. */
export function compareContent(before: Content, after: Content): ContentDiff {
  const old = new Map(before.members.map((one) => [one.fingerprint, one]));
  const fresh = new Set(after.members.map(({ fingerprint }) => fingerprint));
  const added = after.members.filter(({ fingerprint }) => !old.has(fingerprint));
  const described = after.members.flatMap((one) => {
    const was = old.get(one.fingerprint);
    return was === undefined || was.description === one.description ? [] : [{ ...one, from: was.description }];
  });
  return {
    added: [...added],
    removed: before.members.filter(({ fingerprint }) => !fresh.has(fingerprint)),
    keptCount: after.members.length - added.length,
    options: changedOptions(before.options, after.options),
    described,
    description:
      before.description === after.description ? undefined : { from: before.description, to: after.description },
  };
}

export function isSameContent(diff: ContentDiff): boolean {
  return isSameTrust(diff) && diff.described.length === 0 && diff.description === undefined;
}

/** The same certificates and options, whatever is said about them. */
export function isSameTrust({ added, removed, options }: ContentDiff): boolean {
  return [added, removed, options].every(({ length }) => length === 0);
}

function changedOptions(from: DraftOptions, to: DraftOptions): ContentDiff["options"] {
  const names = ["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"] as const;
  return names
    .filter((option) => from[option] !== to[option])
    .map((option) => ({ option, from: from[option], to: to[option] }));
}

function factsOf({ fingerprint, subject, issuer, endDate, description }: MemberFacts): MemberFacts {
  return { fingerprint, subject, issuer, endDate, description };
}

function optionsOf(version: DraftOptions): DraftOptions {
  const { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames } = version;
  return { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames };
}

import { createHash } from "node:crypto";
import type { CaSetOptions } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";

export type SubmittedEntry = { readonly certificatePem: string; readonly description: string | null };

export type VersionContent = {
  readonly caSetId: number;
  readonly version: number;
  readonly entries: readonly SubmittedEntry[];
  readonly answer: ValidationAnswer;
  readonly at: string;
  readonly by: string;
};

/** Columns of the options, the same in every place that writes them. */
export function optionColumns(options: CaSetOptions) {
  return {
    require_root_certificate: flag(options.requireRootCertificate),
    allow_insecure_sha1: flag(options.allowInsecureSha1),
    allow_duplicate_common_names: flag(options.allowDuplicateCommonNames),
  };
}

function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** Writes the certificates of a version that has none: each once, in the order submitted, the text as it came. */
export async function storeVersionCertificates(queries: Transaction<Database>, content: VersionContent): Promise<void> {
  const { caSetId: ca_set_id, version, at: created_at, by: created_by } = content;
  const members = distinctMembers(content);
  for (let first = 0; first < members.length; first += rowsAtOnce) {
    const page = members.slice(first, first + rowsAtOnce);
    await storeCertificates(queries, page);
    const ids = await storeTexts(queries, page);
    const rows = page.map(({ sha256, description }, i) => {
      const text_id = ids.get(sha256);
      if (text_id === undefined) throw new Error("a text was not stored");
      return { ca_set_id, version, position: first + i, text_id, description, created_at, created_by };
    });
    await queries.insertInto("ca_set_version_members").values(rows).execute();
  }
}

/** Far below the number of parameters that either store takes in a statement. */
const rowsAtOnce = 500;

type Member = NonNullable<ValidationAnswer["entries"][number]> & {
  readonly pem: string;
  readonly sha256: string;
  readonly description: string | null;
};

function distinctMembers({ entries, answer }: VersionContent): readonly Member[] {
  return answer.distinct.map((index) => {
    const read = answer.entries[index];
    const entry = entries[index];
    if (read === null || read === undefined || entry === undefined)
      throw new Error("a validated submission has every certificate");
    const { certificatePem: pem, description } = entry;
    return { ...read, pem, sha256: createHash("sha256").update(pem).digest("hex"), description };
  });
}

async function storeCertificates(queries: Queries, members: readonly Member[]): Promise<void> {
  const rows = members.map(({ der, facts }) => ({
    fingerprint: facts.fingerprint,
    der,
    facts: JSON.stringify(facts),
  }));
  await queries
    .insertInto("certificates")
    .values(rows)
    .onConflict((conflict) => conflict.column("fingerprint").doNothing())
    .execute();
}

/** Answers their ids by their hashes. */
async function storeTexts(queries: Queries, members: readonly Member[]): Promise<ReadonlyMap<string, number>> {
  const rows = members.map(({ sha256, facts, pem }) => ({ sha256, fingerprint: facts.fingerprint, pem }));
  await queries
    .insertInto("certificate_texts")
    .values(rows)
    .onConflict((conflict) => conflict.column("sha256").doNothing())
    .execute();
  const hashes = members.map(({ sha256 }) => sha256);
  const stored = await queries
    .selectFrom("certificate_texts")
    .select(["id", "sha256"])
    .where("sha256", "in", hashes)
    .execute();
  return new Map(stored.map(({ id, sha256 }) => [sha256, id]));
}

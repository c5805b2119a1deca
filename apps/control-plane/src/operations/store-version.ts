import type { CaSetOptions } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../store/schema.ts";
import type { ValidationAnswer } from "../validation/validation-answer.ts";

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
  const { caSetId, version, entries, answer, at, by } = content;
  for (const [position, index] of answer.distinct.entries()) {
    const read = answer.entries[index];
    const entry = entries[index];
    if (read === null || read === undefined || entry === undefined)
      throw new Error("a validated submission has every certificate");
    const { fingerprint } = read.facts;
    await queries
      .insertInto("certificates")
      .values({ fingerprint, der: read.der, facts: JSON.stringify(read.facts) })
      .onConflict((conflict) => conflict.column("fingerprint").doNothing())
      .execute();
    const { certificatePem: certificate_pem, description } = entry;
    const row = {
      ca_set_id: caSetId,
      version,
      position,
      fingerprint,
      certificate_pem,
      description,
      created_at: at,
      created_by: by,
    };
    await queries.insertInto("ca_set_version_certificates").values(row).execute();
  }
}

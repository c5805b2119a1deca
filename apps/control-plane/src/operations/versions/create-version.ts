import type { VersionRequest, VersionView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type CaSetRow, findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { versionLink } from "../link.ts";
import { countVersions } from "../quota.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";
import { optionColumns, type SubmittedEntry, storeVersionCertificates } from "./store-version.ts";
import { presentVersion, versionCertificates } from "./version-row.ts";

/** What the caller's kind gets for an option that it leaves out. */
export const tokenDefaults: CaSetOptions = {
  requireRootCertificate: true,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: false,
};

/** mETS has neither check, and its clients cannot send our options (spec §5). */
export const metsDefaults: CaSetOptions = {
  requireRootCertificate: false,
  allowInsecureSha1: false,
  allowDuplicateCommonNames: true,
};

export async function createVersion(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  request: VersionRequest,
): Promise<Outcome<VersionView>> {
  const found = await findLivingCaSet(context.store.db, caSetId);
  if (!found.ok) return found;
  const caSet = found.value;
  const tooMany = refuseCount(context, caSet, request.certificates.length);
  if (tooMany !== undefined) return tooMany;
  const options = withDefaults(request, actor.defaults ?? tokenDefaults);
  const question = {
    certificates: request.certificates.map(entryOf),
    options,
    occasion: "create" as const,
    now: seconds(context),
  };
  const answer = await context.validation.ask(question);
  if (answer === "busy") return busy();
  if (answer.errors.length > 0) return refuseCertificates("certificate-validation-failure-create", caSet, answer);
  return transaction(context.store, (queries) =>
    insertVersion(queries, context, actor, caSetId, { request, options, answer }),
  );
}

type Insertion = {
  readonly request: VersionRequest;
  readonly options: CaSetOptions;
  readonly answer: ValidationAnswer;
};

/** Everything that others may have changed during the validation is looked at again, inside the transaction. */
async function insertVersion(
  queries: Parameters<Parameters<typeof transaction>[1]>[0],
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  { request, options, answer }: Insertion,
): Promise<Outcome<VersionView>> {
  const found = await findLivingCaSet(queries, caSetId);
  if (!found.ok) return found;
  const caSet = found.value;
  const refusal =
    (await refuseVersionLimit(queries, context, caSet)) ?? (await refuseEqual(queries, caSet, answer.digest));
  if (refusal !== undefined) return refusal;
  const at = timestamp(context.clock());
  const version = caSet.last_version + 1;
  await queries
    .updateTable("ca_sets")
    .set({ last_version: version, modified_at: at })
    .where("id", "=", caSetId)
    .execute();
  const row = await queries
    .insertInto("ca_set_versions")
    .values({
      ca_set_id: caSetId,
      version,
      description: request.description ?? null,
      ...optionColumns(options),
      status: "NOT_DELETED",
      content_digest: answer.digest,
      certificate_count: answer.distinct.length,
      created_at: at,
      created_by: actor.name,
      locked_at: null,
      modified_at: null,
      modified_by: null,
      removal_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await storeVersionCertificates(queries, {
    caSetId,
    version,
    entries: request.certificates.map(entryOf),
    answer,
    at,
    by: actor.name,
  });
  await recordActivity(queries, { caSetId, type: "CREATE_CA_SET_VERSION", version, at, by: actor.name });
  const certificates = await versionCertificates(queries, caSetId, version);
  return done(presentVersion(caSet, row, {}, { certificates, validation: answer }));
}

export function withDefaults(
  request: Partial<{ [K in keyof CaSetOptions]: boolean | undefined }>,
  defaults: CaSetOptions,
): CaSetOptions {
  return {
    requireRootCertificate: request.requireRootCertificate ?? defaults.requireRootCertificate,
    allowInsecureSha1: request.allowInsecureSha1 ?? defaults.allowInsecureSha1,
    allowDuplicateCommonNames: request.allowDuplicateCommonNames ?? defaults.allowDuplicateCommonNames,
  };
}

export function entryOf({ certificatePem, description }: VersionRequest["certificates"][number]): SubmittedEntry {
  return { certificatePem, description: description ?? null };
}

export function seconds({ clock }: OperationContext): number {
  return Math.floor(clock() / 1000);
}

export function busy(): Refusal {
  return refuse("service-busy", "Too many validations are waiting. Nothing was changed; try again in a few seconds.");
}

export function refuseCount(
  { limits }: OperationContext,
  caSet: CaSetRow,
  count: number,
  version?: number,
): Refusal | undefined {
  if (count <= limits.certificatesPerVersion) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    maxCertificatesPerVersion: limits.certificatesPerVersion,
    submittedCertificatesCount: count,
    ...(version !== undefined && { version }),
  };
  return refuse(
    "certificate-limit-reached",
    `${count} certificates were submitted; a version holds at most ${limits.certificatesPerVersion}. Split the set.`,
    { contextInfo },
  );
}

type CertificateProblem =
  | "certificate-validation-failure-create"
  | "certificate-validation-failure-update"
  | "certificate-validation-failure-activate";

export function refuseCertificates(
  slug: CertificateProblem,
  caSet: CaSetRow,
  { errors }: Pick<ValidationAnswer, "errors">,
  version?: number,
): Refusal {
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, ...(version !== undefined && { version }) };
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return refuse(slug, `The certificates have ${count}; nothing was changed. Each is listed with what to do about it.`, {
    contextInfo,
    errors,
  });
}

export async function refuseVersionLimit(
  queries: Queries,
  { limits }: OperationContext,
  caSet: CaSetRow,
): Promise<Refusal | undefined> {
  const count = await countVersions(queries, caSet.id);
  if (count < limits.versionsPerCaSet) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    maxVersionsPerCaSet: limits.versionsPerCaSet,
  };
  return refuse(
    "ca-set-version-limit-reached",
    `CA set ${caSet.name} has ${count} versions, as many as are allowed. Delete versions that are not needed.`,
    { contextInfo },
  );
}

async function refuseEqual(queries: Queries, caSet: CaSetRow, digest: string): Promise<Refusal | undefined> {
  const equal = await queries
    .selectFrom("ca_set_versions")
    .select("version")
    .where("ca_set_id", "=", caSet.id)
    .where("content_digest", "=", digest)
    .where("status", "=", "NOT_DELETED")
    .orderBy("version", "desc")
    .executeTakeFirst();
  if (equal === undefined) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    versionLink: versionLink(caSet.id, equal.version),
  };
  return refuse(
    "duplicate-ca-set-version",
    `Version ${equal.version} has the same certificates and options. Deploy that one.`,
    { contextInfo },
  );
}

import type { VersionRequest, VersionView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../../store/schema.ts";
import { type Queries, transaction } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type OperationContext, seconds } from "../context.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done } from "../refuse.ts";
import { type NewVersion, takeNumber } from "./new-version.ts";
import { busy, refuseCertificates, refuseCount, refuseEqual, refuseVersionLimit } from "./refuse-version.ts";
import { optionColumns, storeVersionCertificates } from "./store-version.ts";
import { entryOf, tokenDefaults, withDefaults } from "./version-request.ts";
import { presentVersion, type VersionRow, versionCertificates } from "./version-row.ts";

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
  queries: Transaction<Database>,
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  insertion: Insertion,
): Promise<Outcome<VersionView>> {
  const { request, answer } = insertion;
  const found = await findLivingCaSet(queries, caSetId);
  if (!found.ok) return found;
  const caSet = found.value;
  const refusal =
    (await refuseVersionLimit(queries, context, caSet)) ?? (await refuseEqual(queries, caSet, answer.digest));
  if (refusal !== undefined) return refusal;
  const created = await takeNumber(queries, caSet, { at: timestamp(context.clock()), by: actor.name });
  const row = await insertRow(queries, created, insertion);
  await storeVersionCertificates(queries, { ...created, entries: request.certificates.map(entryOf), answer });
  await recordActivity(queries, { ...created, type: "CREATE_CA_SET_VERSION" });
  const certificates = await versionCertificates(queries, caSetId, created.version);
  return done(presentVersion(caSet, row, {}, { certificates, validation: answer }));
}

/** Without its certificates yet. */
function insertRow(
  queries: Queries,
  { caSetId, version, at, by }: NewVersion,
  { request, options, answer }: Insertion,
): Promise<VersionRow> {
  return queries
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
      created_by: by,
      locked_at: null,
      modified_at: null,
      modified_by: null,
      removal_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

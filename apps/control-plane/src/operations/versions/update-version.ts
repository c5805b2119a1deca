import type { VersionRequest, VersionView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { Transaction, Updateable } from "kysely";
import type { CaSetVersionsTable, Database } from "../../store/schema.ts";
import { type Queries, transaction } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import { type Actor, timestampAfter } from "../actor.ts";
import { activeVersions, type CaSetRow, findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type OperationContext, seconds } from "../context.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";
import { busy, refuseCertificates, refuseCount } from "./refuse-version.ts";
import { optionColumns, type SubmittedEntry, storeVersionCertificates } from "./store-version.ts";
import { entryOf, withDefaults } from "./version-request.ts";
import { findLivingVersion, optionsOf, presentVersion, type VersionRow, versionCertificates } from "./version-row.ts";
import { removeUnusedTexts, textsOf } from "./unused-texts.ts";
import { refuseStaleVersion } from "./version-tag.ts";

export type VersionUpdate = { readonly request: VersionRequest; readonly ifMatch: string | undefined };

/** Replaces a version that was never activated. Equal content is allowed: Terraform sends it to change a description. */
export async function updateVersion(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  version: number,
  { request, ifMatch }: VersionUpdate,
): Promise<Outcome<VersionView>> {
  const before = await findEditable(context.store.db, caSetId, version);
  if (!before.ok) return before;
  const tooMany = refuseCount(context, before.value.caSet, request.certificates.length, version);
  if (tooMany !== undefined) return tooMany;
  const entries = request.certificates.map(entryOf);
  const options = withDefaults(request, optionsOf(before.value.row));
  const answer = await context.validation.ask({
    certificates: entries,
    options,
    occasion: "update",
    now: seconds(context),
  });
  if (answer === "busy") return busy();
  if (answer.errors.length > 0)
    return refuseCertificates("certificate-validation-failure-update", before.value.caSet, answer, version);
  const replacement = { caSetId, version, request, ifMatch, options, entries, answer };
  return transaction(context.store, (queries) => replaceVersion(queries, context, actor, replacement));
}

type Replacement = VersionUpdate & {
  readonly caSetId: number;
  readonly version: number;
  readonly options: CaSetOptions;
  readonly entries: readonly SubmittedEntry[];
  readonly answer: ValidationAnswer;
};

/** What others may have changed during the validation is looked at again. */
async function replaceVersion(
  queries: Transaction<Database>,
  context: OperationContext,
  actor: Actor,
  { caSetId, version, request, ifMatch, options, entries, answer }: Replacement,
): Promise<Outcome<VersionView>> {
  const found = await findEditable(queries, caSetId, version);
  if (!found.ok) return found;
  const { caSet, row } = found.value;
  const stale = refuseStaleVersion(caSet, row, ifMatch);
  if (stale !== undefined) return stale;
  // The tag is made of it, so that two writes must not share it.
  const at = timestampAfter(row.modified_at ?? row.created_at, context.clock());
  const by = actor.name;
  const changes = {
    description: request.description ?? null,
    ...optionColumns(options),
    content_digest: answer.digest,
    certificate_count: answer.distinct.length,
    modified_at: at,
    modified_by: by,
  };
  const replaced = await textsOf(queries, row);
  await writeChanges(queries, row, changes);
  await storeVersionCertificates(queries, { caSetId, version, entries, answer, at, by });
  await removeUnusedTexts(queries, replaced);
  await recordActivity(queries, { caSetId, type: "UPDATE_CA_SET_VERSION", version, at, by });
  const certificates = await versionCertificates(queries, caSetId, version);
  const content = { certificates, validation: answer };
  return done(presentVersion(caSet, { ...row, ...changes }, await activeVersions(queries, caSetId), content));
}

/** It has no certificates then. */
async function writeChanges(
  queries: Queries,
  { ca_set_id, version }: VersionRow,
  changes: Updateable<CaSetVersionsTable> & { readonly modified_at: string },
): Promise<void> {
  await queries
    .updateTable("ca_set_versions")
    .set(changes)
    .where("ca_set_id", "=", ca_set_id)
    .where("version", "=", version)
    .execute();
  const { modified_at } = changes;
  await queries.updateTable("ca_sets").set({ modified_at }).where("id", "=", ca_set_id).execute();
  await queries
    .deleteFrom("ca_set_version_members")
    .where("ca_set_id", "=", ca_set_id)
    .where("version", "=", version)
    .execute();
}

type Editable = { readonly caSet: CaSetRow; readonly row: VersionRow };

async function findEditable(queries: Queries, caSetId: number, version: number): Promise<Outcome<Editable>> {
  const caSet = await findLivingCaSet(queries, caSetId);
  if (!caSet.ok) return caSet;
  const found = await findLivingVersion(queries, caSet.value, version);
  if (!found.ok) return found;
  const refusal = await refuseLocked(queries, caSet.value, found.value);
  return refusal ?? done({ caSet: caSet.value, row: found.value });
}

/** Any activation record, of whatever outcome, locks a version for ever: nodes may hold it. */
async function refuseLocked(queries: Queries, caSet: CaSetRow, row: VersionRow): Promise<Refusal | undefined> {
  if (row.locked_at === null) return undefined;
  const active = await refuseActiveVersion(
    queries,
    caSet,
    row.version,
    "never changes again. Clone it and edit the clone",
  );
  if (active !== undefined) return active;
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version: row.version };
  const detail = `Version ${row.version} was active before and never changes again. Clone it and edit the clone.`;
  return refuse("ca-set-version-was-previously-active", detail, { contextInfo });
}

/** Active, or on its way to or from a network; `consequence` ends the sentence. */
export async function refuseActiveVersion(
  queries: Queries,
  caSet: CaSetRow,
  version: number,
  consequence: string,
): Promise<Refusal | undefined> {
  const active = await activeVersions(queries, caSet.id);
  const running = await queries
    .selectFrom("activations")
    .select("id")
    .where("ca_set_id", "=", caSet.id)
    .where("version", "=", version)
    .where("status", "=", "IN_PROGRESS")
    .executeTakeFirst();
  if (active.STAGING !== version && active.PRODUCTION !== version && running === undefined) return undefined;
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version };
  const detail = `Version ${version} is active, or on its way, and ${consequence}.`;
  return refuse("ca-set-version-is-active", detail, { contextInfo });
}

import type { VersionRequest, VersionView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import { type Actor, timestampAfter } from "../actor.ts";
import { activeVersions, type CaSetRow, findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { busy, entryOf, refuseCertificates, refuseCount, seconds, withDefaults } from "./create-version.ts";
import { recordActivity } from "../history/record-activity.ts";
import { type Refusal, refuse } from "../refuse.ts";
import { optionColumns, storeVersionCertificates } from "./store-version.ts";
import { findLivingVersion, optionsOf, presentVersion, type VersionRow, versionCertificates } from "./version-row.ts";
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
  return transaction(context.store, async (queries): Promise<Outcome<VersionView>> => {
    const again = await findEditable(queries, caSetId, version);
    if (!again.ok) return again;
    const { caSet, row } = again.value;
    const stale = refuseStaleVersion(caSet, row, ifMatch);
    if (stale !== undefined) return stale;
    // The tag is made of it, so that two writes must not share it.
    const at = timestampAfter(row.modified_at ?? row.created_at, context.clock());
    const changes = {
      description: request.description ?? null,
      ...optionColumns(options),
      content_digest: answer.digest,
      certificate_count: answer.distinct.length,
      modified_at: at,
      modified_by: actor.name,
    };
    await queries
      .updateTable("ca_set_versions")
      .set(changes)
      .where("ca_set_id", "=", caSetId)
      .where("version", "=", version)
      .execute();
    await queries.updateTable("ca_sets").set({ modified_at: at }).where("id", "=", caSetId).execute();
    await queries
      .deleteFrom("ca_set_version_members")
      .where("ca_set_id", "=", caSetId)
      .where("version", "=", version)
      .execute();
    await storeVersionCertificates(queries, { caSetId, version, entries, answer, at, by: actor.name });
    await recordActivity(queries, { caSetId, type: "UPDATE_CA_SET_VERSION", version, at, by: actor.name });
    const certificates = await versionCertificates(queries, caSetId, version);
    const view = presentVersion(caSet, { ...row, ...changes }, await activeVersions(queries, caSetId), {
      certificates,
      validation: answer,
    });
    return { ok: true, value: view };
  });
}

type Editable = { readonly caSet: CaSetRow; readonly row: VersionRow };

async function findEditable(queries: Queries, caSetId: number, version: number): Promise<Outcome<Editable>> {
  const caSet = await findLivingCaSet(queries, caSetId);
  if (!caSet.ok) return caSet;
  const found = await findLivingVersion(queries, caSet.value, version);
  if (!found.ok) return found;
  const refusal = await refuseLocked(queries, caSet.value, found.value);
  return refusal ?? { ok: true, value: { caSet: caSet.value, row: found.value } };
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

import { type Network, networks, type Outcome } from "@tcm/core";
import { readEntry } from "../../manifest/read-entries.ts";
import { writeEntry } from "../../manifest/write-entry.ts";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type ActivationRow, runningActivation } from "../activations/activation-row.ts";
import { type ActiveVersions, activeVersions, type CaSetRow, findLivingCaSet } from "./ca-set-row.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { boundEdgeCertificates, refuseInUse } from "../edge-certificates/edge-certificate-row.ts";
import { isExpected } from "../edge-nodes/expected-nodes.ts";
import { activationLink, deletionLink, versionLink } from "../link.ts";
import { done, type Refusal, refuse } from "../refuse.ts";
import { removalDate } from "./removal-date.ts";
import { settleDeletion } from "./settle-deletion.ts";
import { caSetEntryId } from "../versions/version-content.ts";

/**
 * Begins the deletion of a set: its entries are withdrawn on both networks, and it is deleted when their nodes have proved that
 * they hold nothing of it. Answers the link to how far that has come.
 */
export async function deleteCaSet(
  context: DeploymentContext,
  actor: Actor,
  caSetId: number,
): Promise<Outcome<{ readonly statusLink: string }>> {
  return deploymentTransaction(context, async (queries, announce) => {
    const found = await findLivingCaSet(queries, caSetId);
    if (!found.ok) return found;
    const refusal = await refuseDelete(queries, found.value);
    if (refusal !== undefined) return refusal;
    const now = context.clock();
    const changes = { status: "DELETING", modified_at: timestamp(now), removal_at: removalDate(now) } as const;
    await queries.updateTable("ca_sets").set(changes).where("id", "=", caSetId).execute();
    await queries.deleteFrom("ca_set_deletions").where("ca_set_id", "=", caSetId).execute();
    await queries.deleteFrom("ca_set_deletion_nodes").where("ca_set_id", "=", caSetId).execute();
    for (const network of networks) await withdraw(queries, announce, context, actor, { caSetId, network });
    await settleDeletion(queries, context, caSetId);
    return done({ statusLink: deletionLink(caSetId) });
  });
}

type Withdrawal = { readonly caSetId: number; readonly network: Network };

/** A network that never heard of the set has nothing to prove. */
async function withdraw(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  actor: Actor,
  { caSetId, network }: Withdrawal,
): Promise<void> {
  const now = context.clock();
  const at = timestamp(now);
  const entryId = caSetEntryId(caSetId);
  const known = await readEntry(queries, network, entryId);
  const generation = known === undefined ? undefined : await writeEntry(queries, network, entryId, null, at);
  await queries
    .insertInto("ca_set_deletions")
    .values({
      ca_set_id: caSetId,
      network,
      status: "IN_PROGRESS",
      failure_reason: null,
      epoch: generation?.epoch ?? null,
      generation: generation?.number ?? null,
      deadline_at: timestamp(now + context.deploymentDeadlineMs),
      created_at: at,
      created_by: actor.name,
      ended_at: null,
    })
    .execute();
  if (generation === undefined) return;
  await expectNodes(queries, { caSetId, network }, at);
  announce(network);
}

async function expectNodes(queries: Queries, { caSetId, network }: Withdrawal, at: string): Promise<void> {
  const nodes = await queries
    .selectFrom("edge_nodes")
    .select(["id", "highest_level"])
    .where("network", "=", network)
    .where(isExpected(at))
    .execute();
  const rows = nodes.map(({ id: node_id, highest_level: required_level }) => ({
    ca_set_id: caSetId,
    network,
    node_id,
    required_level,
  }));
  // SQLite takes 32,766 values in one statement.
  for (let from = 0; from < rows.length; from += 1_000)
    await queries
      .insertInto("ca_set_deletion_nodes")
      .values(rows.slice(from, from + 1_000))
      .execute();
}

/** Why the set cannot be deleted now: who uses it, what is on its way, what is active. */
async function refuseDelete(queries: Queries, caSet: CaSetRow): Promise<Refusal | undefined> {
  const bound = await boundEdgeCertificates(queries, caSet.id);
  if (bound.length > 0) return refuseInUse(caSet, undefined, bound);
  const running = await Promise.all(networks.map((network) => runningActivation(queries, caSet.id, network)));
  const underWay = running.filter((row) => row !== undefined);
  if (underWay.length > 0) return refuseInProgress(caSet, underWay);
  const active = await activeVersions(queries, caSet.id);
  return Object.keys(active).length > 0 ? refuseActive(caSet, active) : undefined;
}

const prefixes: Readonly<Record<Network, "staging" | "production">> = { STAGING: "staging", PRODUCTION: "production" };

function refuseInProgress(caSet: CaSetRow, rows: readonly ActivationRow[]): Refusal {
  const facts = rows.flatMap(({ network, type, version, id }) => [
    [`${prefixes[network]}Link`, activationLink(caSet.id, version, id)],
    [`${prefixes[network]}Status`, type === "ACTIVATE" ? "ACTIVATING" : "DEACTIVATING"],
  ]);
  return refuse(
    "ca-set-cannot-be-deleted-in-progress-version-activations",
    `Versions of CA set ${caSet.name} are on their way on ${rows.map(({ network }) => network).join(" and ")}. Wait for them, or cancel them.`,
    { contextInfo: { caSetId: String(caSet.id), caSetName: caSet.name, ...Object.fromEntries(facts) } },
  );
}

function refuseActive(caSet: CaSetRow, active: ActiveVersions): Refusal {
  const facts = networks.flatMap((network): [string, string][] => {
    const version = active[network];
    const status: [string, string] = [`${prefixes[network]}Status`, version === undefined ? "INACTIVE" : "ACTIVE"];
    return version === undefined
      ? [status]
      : [[`${prefixes[network]}VersionLink`, versionLink(caSet.id, version)], status];
  });
  const where = networks.filter((network) => active[network] !== undefined);
  return refuse(
    "ca-set-cannot-be-deleted-active-versions",
    `CA set ${caSet.name} is active on ${where.join(" and ")}. Deactivate it there first.`,
    { contextInfo: { caSetId: String(caSet.id), caSetName: caSet.name, ...Object.fromEntries(facts) } },
  );
}

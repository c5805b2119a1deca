import * as fc from "fast-check";
import { expect } from "vitest";
import { createCaSet } from "../operations/ca-sets/create-ca-set.ts";
import { createVersion } from "../operations/versions/create-version.ts";
import { deleteCaSet } from "../operations/ca-sets/delete-ca-set.ts";
import { deleteVersion } from "../operations/versions/delete-version.ts";
import { updateVersion } from "../operations/versions/update-version.ts";
import { admin } from "./deployment-harness.ts";
import type { DeploymentModel } from "./deployment-model.ts";
import { command, mask, pick, pickSet, pickTarget, replica } from "./model-command.ts";
import { membersOf, type ModelWorld } from "./model-world.ts";

const certificates = (members: number) => membersOf(members).map(({ pem }) => ({ certificatePem: pem }));
const request = (members: number) => ({ requireRootCertificate: false, certificates: certificates(members) });

export const creates = fc
  .tuple(replica, mask)
  .map(([r, m]) => command(`create set with ${m} at ${r}`, r, async (model, { world }) => addSet(model, world, r, m)));

export async function addSet(model: DeploymentModel, world: ModelWorld, r: number, m: number): Promise<void> {
  const caSetName = `set-${model.sets.size + 1}`;
  const created = await createCaSet(world.replica(r).context, admin, { caSetName, description: null });
  if (!created.ok) throw new Error("a new name was refused");
  const id = Number(created.value.caSetId);
  model.addSet(id);
  await addVersion(model, world, r, id, m);
}

export async function addVersion(
  model: DeploymentModel,
  world: ModelWorld,
  r: number,
  id: number,
  m: number,
): Promise<void> {
  const set = model.sets.get(id);
  if (set === undefined) return;
  const isThere = [...set.versions.values()].some((version) => version.mask === m && !version.isDeleted);
  const made = await createVersion(world.replica(r).context, admin, id, request(m));
  expect(made.ok).toBe(!set.isDeleted && !isThere);
  if (!made.ok) return;
  expect(set.versions.has(made.value.version)).toBe(false);
  set.versions.set(made.value.version, { mask: m, isLocked: false, isDeleted: false });
}

export const versions = fc.tuple(replica, pick, mask).map(([r, p, m]) =>
  command(`add version ${m} to ${p} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    if (found !== undefined) await addVersion(model, world, r, found[0], m);
  }),
);

export const edits = fc.tuple(replica, pick, mask).map(([r, p, m]) =>
  command(`edit ${p} to ${m} at ${r}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target === undefined) return;
    const { id, set, version } = target;
    const edited = await updateVersion(world.replica(r).context, admin, id, version, {
      request: request(m),
      ifMatch: undefined,
    });
    expect(edited.ok).toBe(model.mayEdit(set, version));
    const before = set.versions.get(version);
    if (edited.ok && before !== undefined) before.mask = m;
  }),
);

export const versionDeletions = fc.tuple(replica, pick).map(([r, p]) =>
  command(`delete version ${p} at ${r}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target === undefined) return;
    const { id, set, version } = target;
    const isAllowed = model.mayDeleteVersion(set, version);
    const deleted = await deleteVersion(world.replica(r).context, admin, id, version);
    expect(deleted.ok, JSON.stringify(deleted)).toBe(isAllowed);
    const before = set.versions.get(version);
    if (isAllowed && before !== undefined) before.isDeleted = true;
  }),
);

export const setDeletions = fc.tuple(replica, pick).map(([r, p]) =>
  command(`delete set ${p} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    if (found === undefined) return;
    const isAllowed = model.mayDelete(found[1]);
    const deleted = await deleteCaSet(world.replica(r).context, admin, found[0]);
    expect(deleted.ok, JSON.stringify(deleted)).toBe(isAllowed);
    if (isAllowed) await learnDeletions(model, world, r);
  }),
);

/** A deletion that fails gives the set back; whether it does is the business of its own tests, and only learnt here. */
export async function learnDeletions(model: DeploymentModel, world: ModelWorld, r: number): Promise<void> {
  const rows = await world.replica(r).store.db.selectFrom("ca_sets").select(["id", "status"]).execute();
  for (const { id, status } of rows) {
    const set = model.sets.get(id);
    if (set !== undefined) set.isDeleted = status !== "NOT_DELETED";
  }
}

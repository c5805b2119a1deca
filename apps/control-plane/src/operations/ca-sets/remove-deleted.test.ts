import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, value } from "../../testing/deployment-harness.ts";
import { deleteCaSet } from "./delete-ca-set.ts";
import { deleteVersion } from "../versions/delete-version.ts";
import { removeDeleted } from "./remove-deleted.ts";

const pki = testPki();
const dayMs = 86_400_000;

describe("what was deleted 30 days ago is removed once", () => {
  test("also when several processes look at the same time", async () => {
    const harness = await DeploymentHarness.open();
    const [set, other] = [await harness.caSet([pki.root("A")]), await harness.caSet([pki.root("B")], [pki.root("C")])];
    value(await deleteCaSet(harness.context, admin, set));
    value(await deleteVersion(harness.context, admin, other, 1));
    harness.clock.advance(31 * dayMs);
    await Promise.all([removeDeleted(harness.context), removeDeleted(harness.context)]);
    const removals = async (id: number) => (await harness.activities(id)).filter((type) => type.startsWith("REMOVE"));
    expect(await removals(set)).toEqual(["REMOVE_CA_SET"]);
    expect(await removals(other)).toEqual(["REMOVE_CA_SET_VERSION"]);
  });
});

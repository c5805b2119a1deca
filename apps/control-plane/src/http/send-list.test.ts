import { versionList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const pki = testPki();
let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
});
afterAll(() => plane.remove());

describe("lists with certificates", () => {
  test("are streamed, and are the same as one version after the other", async () => {
    const id = await plane.createVersion([pki.root("First")]);
    await plane.createVersion([pki.root("Second"), pki.root("Third")], {}, id);
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions?includeCertificates=true`);
    expect(answer.headers["transfer-encoding"]).toBe("chunked");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(versionList.strict().safeParse(answer.body).success).toBe(true);
    const each = await Promise.all([2, 1].map((number) => plane.ask("GET", `/ca-sets/${id}/versions/${number}`)));
    expect(answer.body).toEqual({ versions: each.map(({ body }) => body) });
  });

  test("are a list also when there is nothing in it", async () => {
    const { caSetId } = await plane.createSet();
    const answer = await plane.ask("GET", `/ca-sets/${caSetId}/versions?includeCertificates=true`);
    expect(answer.body).toEqual({ versions: [] });
  });

  test("break off when something goes wrong on the way, and never end as if they were whole", async () => {
    const id = await plane.createVersion([pki.root("Damaged")]);
    const list = () => plane.ask("GET", `/ca-sets/${id}/versions?includeCertificates=true`);
    const { db } = plane.controlPlane.context.store;
    await db.updateTable("certificates").set({ facts: "{" }).where("facts", "like", "%CN=Damaged%").execute();
    // Nothing has been sent yet: an answer like any other.
    expect(refusal(await list())).toEqual([500, "internal-error"]);
    await plane.createVersion([pki.root("Whole")], {}, id);
    await expect(list()).rejects.toThrow();
  });
});

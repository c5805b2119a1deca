import { caSet, deletionStatus, type DeletionStatusView } from "@tcm/api-contract";
import { networks } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeDeleted } from "../operations/ca-sets/remove-deleted.ts";
import { settleDeletions } from "../operations/ca-sets/settle-deletion.ts";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { type FakeNode, proves, staysSilent } from "../testing/fake-node.ts";

const root = testPki().root("Deletion Root");
const day = 86_400_000;

let plane: ControlPlaneHarness;
let nodes: readonly FakeNode[];

beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  nodes = await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

const setHabit = (habit: typeof proves): void => {
  for (const node of nodes) node.habit = habit;
};

async function deletionOf(id: string): Promise<DeletionStatusView> {
  const answer = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
  return deletionStatus.parse(answer.body);
}

async function deleted(id: string): Promise<DeletionStatusView> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const view = await deletionOf(id);
    if (view.status !== "IN_PROGRESS") return view;
    if (Date.now() > deadline) throw new Error(`the deletion does not end: ${JSON.stringify(view)}`);
  }
}

async function inactiveAgain(): Promise<string> {
  const id = await plane.createVersion([root]);
  await plane.activateOnBoth(id);
  for (const network of networks) {
    const answer = await plane.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network } });
    expect(answer.status).toBe(202);
    await plane.ended(answer.body as { activationLink: string });
  }
  return id;
}

describe("DELETE /ca-sets/{id}", () => {
  test("answers 202 without a body and names where to look", async () => {
    const id = await plane.createVersion([root]);
    const answer = await plane.ask("DELETE", `/ca-sets/${id}`);
    expect(answer.status).toBe(202);
    expect(answer.text).toBe("");
    expect(answer.headers.location).toBe(`/mtls-edge-truststore/v2/ca-sets/${id}/status/delete`);
  });

  test("is complete at once for a set that no node ever heard of, and the set answers as deleted for 30 days", async () => {
    const id = await plane.createVersion([root]);
    await plane.ask("DELETE", `/ca-sets/${id}`);
    const status = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    expect(status.status).toBe(200);
    expect(status.headers["retry-after"]).toBeUndefined();
    const now = "2026-06-01T00:00:00.000000Z";
    expect(status.body).toEqual({
      caSetId: id,
      caSetLink: `/mtls-edge-truststore/v2/ca-sets/${id}`,
      caSetName: expect.any(String) as string,
      resourceMethod: "delete",
      status: "COMPLETE",
      statusLink: `/mtls-edge-truststore/v2/ca-sets/${id}/status/delete`,
      startTime: now,
      estimatedEndTime: "2026-06-01T00:10:00.000000Z",
      endTime: now,
      failureReason: null,
      removalDate: "2026-07-01T00:00:00.000000Z",
      deletions: [
        { network: "STAGING", status: "COMPLETE", percentComplete: 100, failureReason: null },
        { network: "PRODUCTION", status: "COMPLETE", percentComplete: 100, failureReason: null },
      ],
    });
    const set = await plane.get(caSet, `/ca-sets/${id}`);
    expect(set).toMatchObject({ caSetStatus: "DELETED", deletedDate: now, removalDate: "2026-07-01T00:00:00.000000Z" });
    const list = await plane.ask("GET", "/ca-sets");
    expect(list.text).not.toContain(`"caSetId":"${id}"`);
    const history = await plane.ask("GET", "/ca-sets?caSetStatus=DELETED%2CDELETING");
    expect(history.text).toContain(`"caSetId":"${id}"`);
  });

  test("is in progress until the nodes have proved the withdrawal, and says when to ask again by an RFC 1123 date", async () => {
    const id = await inactiveAgain();
    setHabit(staysSilent);
    await plane.ask("DELETE", `/ca-sets/${id}`);
    const answer = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    expect(answer.status).toBe(202);
    expect(answer.headers["retry-after"]).toMatch(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
    expect(answer.body).toMatchObject({ status: "IN_PROGRESS", endTime: null });
    const again = await plane.ask("DELETE", `/ca-sets/${id}`);
    expect(refusal(again)).toEqual([409, "delete-ca-set-request-in-progress"]);
    expect(problemOf(again).contextInfo).toMatchObject({ caSetId: id, stagingStatus: "IN_PROGRESS" });
    setHabit(proves);
    for (const node of nodes) {
      await node.until(() => node.newest(`ca-set/${id}`)?.entry.content === null);
      const told = node.newest(`ca-set/${id}`);
      if (told !== undefined) node.reports(told.entry, "verified");
    }
    // The announcement may still be under way when the last one was seen; the proof of the newest is what counts.
    expect((await deleted(id)).status).toBe("COMPLETE");
    const activities = await plane.ask("GET", `/ca-sets/${id}/activities`);
    const { activities: list } = activities.body as { activities: { type: string; network: string }[] };
    expect(list.slice(0, 2).map(({ type }) => type)).toEqual(["DELETE_CA_SET", "DELETE_CA_SET"]);
    expect(
      list
        .slice(0, 2)
        .map(({ network }) => network)
        .sort(),
    ).toEqual(["PRODUCTION", "STAGING"]);
  });

  test("fails at its deadline naming the nodes behind, and the set can be deleted again", async () => {
    const id = await inactiveAgain();
    const [staging] = nodes;
    if (staging === undefined) throw new Error("no node");
    staging.habit = staysSilent;
    await plane.ask("DELETE", `/ca-sets/${id}`);
    plane.clock.advance(600_000);
    await settleDeletions(plane.controlPlane.context);
    const answer = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    expect([200, 207]).toContain(answer.status);
    expect(answer.body).toMatchObject({ status: "FAILED" });
    expect(JSON.stringify(answer.body)).toContain("staging-edge (expected)");
    expect(await plane.get(caSet, `/ca-sets/${id}`)).toMatchObject({ caSetStatus: "NOT_DELETED", removalDate: null });
    staging.habit = proves;
    expect((await plane.ask("DELETE", `/ca-sets/${id}`)).status).toBe(202);
    expect((await deleted(id)).status).toBe("COMPLETE");
  });

  test("answers 207 when one network is done and the other has failed", async () => {
    const id = await inactiveAgain();
    const production = nodes.find(({ account }) => account.network === "PRODUCTION");
    if (production === undefined) throw new Error("no node");
    production.habit = staysSilent;
    await plane.ask("DELETE", `/ca-sets/${id}`);
    const deadline = Date.now() + 120_000;
    for (;;) {
      const { deletions } = await deletionOf(id);
      if (deletions[0]?.status === "COMPLETE") break;
      if (Date.now() > deadline) throw new Error("staging does not end");
    }
    plane.clock.advance(600_000);
    await settleDeletions(plane.controlPlane.context);
    const answer = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    production.habit = proves;
    expect(answer.status).toBe(207);
    expect(answer.headers["retry-after"]).toBeUndefined();
  });

  test("is refused while a version is active, with links to it", async () => {
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    const answer = await plane.ask("DELETE", `/ca-sets/${id}`);
    expect(refusal(answer)).toEqual([409, "ca-set-cannot-be-deleted-active-versions"]);
    const link = `/mtls-edge-truststore/v2/ca-sets/${id}/versions/1`;
    expect(problemOf(answer).contextInfo).toEqual({
      caSetId: id,
      caSetName: expect.any(String) as string,
      stagingVersionLink: link,
      stagingStatus: "ACTIVE",
      productionVersionLink: link,
      productionStatus: "ACTIVE",
    });
  });

  test("is refused while the set is in use, listing the users", async () => {
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    const body = { hostnames: [`in-use-${id}.example`], clientAuthentication: { caSetId: id } };
    const bound = await plane.ask("POST", "/edge-certificates", { body });
    expect(bound.status).toBe(201);
    const answer = await plane.ask("DELETE", `/ca-sets/${id}`);
    expect(refusal(answer)).toEqual([409, "ca-set-in-use-by-enrollments"]);
    expect(problemOf(answer).contextInfo).toMatchObject({
      caSetId: id,
      associations: { enrollments: [{ cn: `in-use-${id}.example`, stagingSlots: [], productionSlots: [] }] },
    });
    expect(problemOf(answer).contextInfo).not.toHaveProperty("network");
  });

  test("is refused while a version is on its way", async () => {
    const id = await plane.createVersion([root]);
    setHabit(staysSilent);
    const running = await plane.activate(id, 1, "STAGING");
    const answer = await plane.ask("DELETE", `/ca-sets/${id}`);
    await plane.ask("POST", `/${running.activationLink}/cancel`);
    setHabit(proves);
    expect(refusal(answer)).toEqual([409, "ca-set-cannot-be-deleted-in-progress-version-activations"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ caSetId: id, stagingLink: running.activationLink });
  });

  test("refuses an unknown set, an unknown query parameter, and a status that was never asked for", async () => {
    expect(refusal(await plane.ask("DELETE", "/ca-sets/999999"))).toEqual([404, "ca-set-not-found"]);
    const id = await plane.createVersion([root]);
    const unknown = await plane.ask("DELETE", `/ca-sets/${id}?force=true`);
    expect(refusal(unknown)).toEqual([400, "unknown-query-parameters"]);
    const status = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    expect(refusal(status)).toEqual([400, "no-active-cert-deletions"]);
    expect(problemOf(status).contextInfo).toEqual({ caSetId: id });
  });

  test("frees the name for a new set, and everything else about the old one is refused", async () => {
    const { caSetName, caSetId: id } = await plane.createSet();
    await plane.ask("DELETE", `/ca-sets/${id}`);
    expect((await plane.ask("POST", "/ca-sets", { body: { caSetName } })).status).toBe(201);
    const rename = await plane.ask("PATCH", `/ca-sets/${id}`, { body: { caSetName: "other-name" } });
    expect(refusal(rename)).toEqual([409, "delete-ca-set-request-in-progress"]);
  });

  test("ends with the removal of the set 30 days later; its name stays in the record", async () => {
    const id = await plane.createVersion([root]);
    await plane.ask("DELETE", `/ca-sets/${id}`);
    plane.clock.advance(30 * day - 1);
    await removeDeleted(plane.controlPlane.context);
    expect((await plane.ask("GET", `/ca-sets/${id}`)).status).toBe(200);
    plane.clock.advance(1);
    await removeDeleted(plane.controlPlane.context);
    expect(refusal(await plane.ask("GET", `/ca-sets/${id}`))).toEqual([404, "ca-set-not-found"]);
    const { db } = plane.controlPlane.context.store;
    const types = await db.selectFrom("activities").select("type").where("ca_set_id", "=", Number(id)).execute();
    expect(types.map(({ type }) => type)).toContain("REMOVE_CA_SET");
  });

  test("goes on after the control plane was stopped in the middle, and is recorded once", async () => {
    const first = await ControlPlaneHarness.start();
    const [staging, production] = await first.connectLocalNodes();
    const id = await first.createVersion([root]);
    await first.activateOnBoth(id);
    for (const network of networks) {
      const answer = await first.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network } });
      await first.ended(answer.body as { activationLink: string });
    }
    for (const node of [staging, production]) if (node !== undefined) node.habit = staysSilent;
    expect((await first.ask("DELETE", `/ca-sets/${id}`)).status).toBe(202);
    await first.stop();
    const second = await ControlPlaneHarness.start({ directory: first.directory });
    try {
      expect((await second.ask("GET", `/ca-sets/${id}/status/delete`)).status).toBe(202);
      await second.connectLocalNodes();
      const deadline = Date.now() + 120_000;
      for (;;) {
        const answer = await second.ask("GET", `/ca-sets/${id}/status/delete`);
        if (answer.status === 200) break;
        if (Date.now() > deadline) throw new Error(answer.text);
      }
      const { activities } = (await second.ask("GET", `/ca-sets/${id}/activities`)).body as {
        activities: { type: string }[];
      };
      expect(activities.filter(({ type }) => type === "DELETE_CA_SET")).toHaveLength(2);
    } finally {
      await second.remove();
    }
  });

  test("is begun by one of many who ask at the same time", async () => {
    const id = await inactiveAgain();
    setHabit(staysSilent);
    const answers = await Promise.all([1, 2, 3, 4].map(() => plane.ask("DELETE", `/ca-sets/${id}`)));
    setHabit(proves);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409]);
  });

  test("leaves no room for an activation or a version that comes at the same time", async () => {
    const id = await plane.createVersion([root]);
    const [deletion, activation] = await Promise.all([
      plane.ask("DELETE", `/ca-sets/${id}`),
      plane.ask("POST", `/ca-sets/${id}/versions/1/activate`, { body: { network: "STAGING" } }),
    ]);
    const outcome = [deletion.status, activation.status];
    expect([
      [202, 409],
      [409, 202],
    ]).toContainEqual(outcome);
  });
});

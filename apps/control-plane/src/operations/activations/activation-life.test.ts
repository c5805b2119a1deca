import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, deadlineMs, idsOf, problem, value } from "../../testing/deployment-harness.ts";
import { activateVersion } from "./activate-version.ts";
import { cancelActivation, excludeNode } from "./change-activation.ts";
import { deactivateVersion } from "./deactivate-version.ts";
import { listActivations } from "./read-activations.ts";
import { recordHello, recordReports } from "./record-reports.ts";
import { renameCaSet } from "../ca-sets/rename-ca-set.ts";
import { settleOverdue } from "./settle-overdue.ts";
import { updateVersion } from "../versions/update-version.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];
const types = (items: readonly { readonly type: string }[] = []) => items.map(({ type }) => type.split("/").at(-1));

describe("an activation without nodes", () => {
  test("is complete at once, and says that nothing serves it", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    expect(begun).toMatchObject({
      activationType: "ACTIVATE",
      activationStatus: "COMPLETE",
      percentComplete: 100,
      failureReason: null,
      network: "STAGING",
      createdBy: "operator",
    });
    expect(types(begun.validation?.warnings)).toEqual(["network-has-no-nodes"]);
    expect(await harness.inForce(id, "STAGING")).toBe(1);
    expect(harness.announced).toEqual(["STAGING"]);
  });

  test("warns of production before staging, until the version was on staging", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("p1", "PRODUCTION");
    const untried = "activate-version-on-production-without-activating-on-staging";
    const id = await harness.caSet([a], [b]);
    expect(types((await harness.activate(id, 1, "PRODUCTION")).validation?.warnings)).toEqual([untried]);
    const other = await harness.caSet([a]);
    await harness.activate(other, 1, "STAGING");
    expect(types((await harness.activate(other, 1, "PRODUCTION")).validation?.warnings)).toEqual([]);
  });
});

describe("an activation with nodes", () => {
  test("goes delivered, applied, verified, and is complete when every node has proved it", async () => {
    const harness = await DeploymentHarness.open();
    const [one, two, proxy] = [
      await harness.node("s1", "STAGING"),
      await harness.node("s2", "STAGING"),
      await harness.node("s3", "STAGING", "applied"),
    ];
    await harness.node("p1", "PRODUCTION");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    expect(begun).toMatchObject({ activationStatus: "IN_PROGRESS", percentComplete: 0, modifiedDate: null });
    const progress = async () => {
      const { activationStatus, percentComplete } = await harness.read(begun);
      return [activationStatus, percentComplete];
    };
    await harness.report(one, id, "delivered");
    await harness.report(one, id, "applied");
    expect(await progress()).toEqual(["IN_PROGRESS", 0]);
    await harness.report(proxy, id, "applied");
    expect(await progress()).toEqual(["IN_PROGRESS", 33]);
    await harness.report(one, id, "verified");
    expect(await progress()).toEqual(["IN_PROGRESS", 66]);
    expect(await harness.inForce(id, "STAGING")).toBeUndefined();
    expect(
      (await harness.nodes(begun)).map(({ nodeId, state, requiredLevel }) => [nodeId, state, requiredLevel]),
    ).toEqual([
      ["s1", "verified", "verified"],
      ["s2", "expected", "verified"],
      ["s3", "applied", "applied"],
    ]);
    harness.clock.advance(1_000);
    await harness.report(two, id, "verified");
    expect(await progress()).toEqual(["COMPLETE", 100]);
    expect(await harness.read(begun)).toMatchObject({ modifiedDate: "2026-06-01T00:00:01.000000Z", validation: null });
    expect(await harness.inForce(id, "STAGING")).toBe(1);
  });

  test("counts the nodes that were there at its start, and no later one", async () => {
    const harness = await DeploymentHarness.open();
    const one = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    const late = await harness.node("s2", "STAGING");
    await harness.report(late, id, "verified");
    expect((await harness.read(begun)).percentComplete).toBe(0);
    await harness.report(one, id, "verified");
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
  });

  test("a set that one node rejects holds up no other", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const [bad, good] = [await harness.caSet([a]), await harness.caSet([b])];
    const [first, second] = [await harness.activate(bad, 1, "STAGING"), await harness.activate(good, 1, "STAGING")];
    await harness.report(node, bad, "rejected");
    await harness.report(node, good, "verified");
    expect((await harness.read(first)).activationStatus).toBe("FAILED");
    expect((await harness.read(second)).activationStatus).toBe("COMPLETE");
  });
});

describe("only a proof of what was written counts", () => {
  const setup = async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a], [b]);
    const begun = await harness.activate(id, 1, "STAGING");
    const { generation, digest } = await harness.entry(id, "STAGING");
    const said = { entryId: `ca-set/${id}`, generation, digest, state: "verified" as const };
    return { harness, node, id, begun, said };
  };

  test("not of an earlier generation", async () => {
    const { harness, node, id, begun, said } = await setup();
    value(await cancelActivation(harness.context, admin, idsOf(begun)));
    const again = await harness.activate(id, 1, "STAGING");
    await recordReports(harness.context, [{ node, report: said }]);
    expect((await harness.read(again)).percentComplete).toBe(0);
    await harness.report(node, id, "verified");
    expect((await harness.read(again)).activationStatus).toBe("COMPLETE");
  });

  test("not of a generation that was never written, and it bars no later report", async () => {
    const { harness, node, id, begun, said } = await setup();
    const future = { ...said, generation: { epoch: 9, number: 9_999 } };
    await recordReports(harness.context, [{ node, report: future }]);
    expect((await harness.read(begun)).percentComplete).toBe(0);
    await harness.report(node, id, "verified");
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
  });

  test("not of an entry that was never written", async () => {
    const { harness, node, said } = await setup();
    await recordReports(harness.context, [{ node, report: { ...said, entryId: "ca-set/4711" } }]);
    expect(await harness.context.store.db.selectFrom("node_entries").selectAll().execute()).toEqual([]);
  });

  test("not of other content under the same generation: that is a rejection", async () => {
    const { harness, node, begun, said } = await setup();
    await recordReports(harness.context, [{ node, report: { ...said, digest: "0".repeat(64) } }]);
    expect(await harness.read(begun)).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringContaining("digest-mismatch") as string,
    });
  });

  test("not of a node of another network", async () => {
    const { harness, begun, said } = await setup();
    const foreign = await harness.node("p1", "PRODUCTION");
    await recordReports(harness.context, [{ node: foreign, report: said }]);
    expect((await harness.read(begun)).percentComplete).toBe(0);
  });

  test("what a node says when it connects counts as its reports do", async () => {
    const { harness, node, begun, said } = await setup();
    const { nodeId, network } = node;
    const about = { engine: "fake", engineVersion: "1", highestLevel: "verified", address: "" } as const;
    await recordHello(harness.context, node, {
      type: "hello",
      protocolVersion: 1,
      nodeId,
      network,
      ...about,
      entries: [said],
    });
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
  });

  test("nothing that is said after its end changes an activation", async () => {
    const { harness, node, id, begun } = await setup();
    await harness.report(node, id, "verified");
    const ended = await harness.read(begun);
    harness.clock.advance(1_000);
    await harness.report(node, id, "rejected");
    await harness.report(node, id, "verified");
    expect(await harness.read(begun)).toEqual(ended);
    expect(await harness.inForce(id, "STAGING")).toBe(1);
  });
});

describe("a rejection", () => {
  test("fails the activation with the engine's words, and the content before goes out as a new generation", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    const before = await harness.entry(id, "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    await harness.report(node, id, "rejected");
    expect(await harness.read(begun)).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringMatching(/s1: engine-refused: the engine does not like it/) as string,
    });
    const after = await harness.entry(id, "STAGING");
    expect(after.content).toEqual(before.content);
    expect(after.generation.number).toBe(before.generation.number + 2);
    expect(await harness.inForce(id, "STAGING")).toBe(1);
  });

  test("of the first version withdraws it", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a]);
    await harness.activate(id, 1, "STAGING");
    await harness.report(node, id, "rejected");
    expect(await harness.told(id, "STAGING")).toBe("none@2");
    expect(await harness.inForce(id, "STAGING")).toBeUndefined();
  });

  test("of a change that only removes trust puts nothing back", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a, b], [a]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    await harness.report(node, id, "rejected");
    expect((await harness.read(begun)).activationStatus).toBe("FAILED");
    expect(await harness.told(id, "STAGING")).toBe("2@2");
    expect(await harness.inForce(id, "STAGING")).toBe(2);
  });

  test("of a deactivation puts nothing back", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    value(await deactivateVersion(harness.context, admin, id, { version: 1, network: "STAGING" }));
    await harness.report(node, id, "rejected");
    expect(await harness.told(id, "STAGING")).toBe("none@2");
    expect(await harness.inForce(id, "STAGING")).toBeUndefined();
  });

  test("of a change that replaces trust does put back", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a, b], [a, c]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    await harness.activate(id, 2, "STAGING");
    await harness.report(node, id, "rejected");
    expect(await harness.told(id, "STAGING")).toBe("1@3");
  });
});

describe("the deadline", () => {
  test("ends an activation, names the nodes behind, and keeps the new version", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    await harness.node("s2", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    await harness.report(node, id, "verified");
    harness.clock.advance(deadlineMs - 1);
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
    harness.clock.advance(1);
    await settleOverdue(harness.context);
    const ended = await harness.read(begun);
    expect(ended).toMatchObject({ activationStatus: "FAILED", percentComplete: 50 });
    expect(ended.failureReason).toContain("s2 (expected)");
    expect(ended.failureReason).not.toContain("s1");
    expect(await harness.inForce(id, "STAGING")).toBe(2);
    expect(await harness.told(id, "STAGING")).toBe("2@2");
    await settleOverdue(harness.context);
    expect(await harness.read(begun)).toEqual(ended);
  });

  test("a late node's proof changes nothing of the record, and is seen at the node", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    harness.clock.advance(deadlineMs);
    await settleOverdue(harness.context);
    await harness.report(node, id, "verified");
    expect((await harness.read(begun)).activationStatus).toBe("FAILED");
    const [known] = await harness.context.store.db.selectFrom("node_entries").selectAll().execute();
    expect(known).toMatchObject({ node_id: "s1", state: "verified" });
  });

  test("one that was reached while nobody looked does not undo a proof that came in time to end it", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    harness.clock.advance(deadlineMs + 5);
    await harness.report(node, id, "verified");
    await settleOverdue(harness.context);
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
  });
});

describe("an operator may take a node out of the count", () => {
  test("on the record, and the rest decides", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    await harness.node("s2", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    await harness.report(node, id, "verified");
    const view = value(await excludeNode(harness.context, admin, idsOf(begun), "s2"));
    expect(view.percentComplete).toBe(100);
    expect(view.nodes[1]).toMatchObject({
      nodeId: "s2",
      excludedBy: "operator",
      excludedDate: "2026-06-01T00:00:00.000000Z",
    });
    expect((await harness.read(begun)).activationStatus).toBe("COMPLETE");
    expect(await harness.activities(id)).toContain("EXCLUDE_NODE");
  });

  test("the first exclusion stays on the record, and what an excluded node says decides nothing", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", "STAGING");
    const two = await harness.node("s2", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    value(await excludeNode(harness.context, admin, idsOf(begun), "s2"));
    value(await excludeNode(harness.context, { ...admin, name: "other" }, idsOf(begun), "s2"));
    expect((await harness.nodes(begun))[1]).toMatchObject({ excludedBy: "operator" });
    await harness.report(two, id, "rejected");
    expect((await harness.read(begun)).activationStatus).toBe("IN_PROGRESS");
  });

  test("not one that is not expected, and not after the end", async () => {
    const harness = await DeploymentHarness.open();
    const node = await harness.node("s1", "STAGING");
    await harness.node("p1", "PRODUCTION");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    expect(problem(await excludeNode(harness.context, admin, idsOf(begun), "p1"))).toMatchObject({
      slug: "activation-node-not-found",
      contextInfo: { nodeId: "p1", activationId: begun.activationId, version: 1 },
    });
    await harness.report(node, id, "verified");
    expect(problem(await excludeNode(harness.context, admin, idsOf(begun), "s1"))).toMatchObject({
      slug: "activation-already-ended",
      contextInfo: { activationStatus: "COMPLETE" },
    });
  });
});

describe("cancelling", () => {
  test("ends the activation and deploys what was there before", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a, b], [a]);
    await harness.activate(id, 1, "STAGING");
    await harness.node("s1", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    const view = value(await cancelActivation(harness.context, admin, idsOf(begun)));
    expect(view).toMatchObject({ activationStatus: "FAILED", modifiedBy: "operator" });
    expect(view.failureReason).toContain("Cancelled by operator");
    expect(await harness.told(id, "STAGING")).toBe("1@3");
    expect(await harness.inForce(id, "STAGING")).toBe(1);
    expect(problem(await cancelActivation(harness.context, admin, idsOf(begun))).slug).toBe("activation-already-ended");
    expect(await harness.activities(id)).toContain("CANCEL_ACTIVATION");
  });

  test("of many at once, one cancels", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", "STAGING");
    const id = await harness.caSet([a]);
    const begun = await harness.activate(id, 1, "STAGING");
    const cancels = Array.from({ length: 5 }, () => cancelActivation(harness.context, admin, idsOf(begun)));
    expect((await Promise.all(cancels)).filter(({ ok }) => ok)).toHaveLength(1);
    expect(await harness.told(id, "STAGING")).toBe("none@2");
  });
});

describe("one activation at a time on a set and network", () => {
  test("another is refused with a link to the one that runs, of either kind", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b], [c]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    const running = await harness.activate(id, 2, "STAGING");
    const wish = { version: 3, network: "STAGING" } as const;
    const context = {
      activationLink: running.activationLink,
      activationType: "ACTIVATE",
      caSetId: String(id),
      network: "STAGING",
      version: 2,
    };
    for (const version of [2, 3]) {
      const refused = problem(await activateVersion(harness.context, admin, id, { ...wish, version }));
      expect(refused.slug).toBe("another-activation-request-in-progress-in-the-ca-set");
      expect(refused.contextInfo).toMatchObject(context);
    }
    const off = problem(await deactivateVersion(harness.context, admin, id, { ...wish, version: 1 }));
    expect(off.slug).toBe("another-activation-request-in-progress-in-the-ca-set");
    await harness.report(node, id, "verified");
    value(await deactivateVersion(harness.context, admin, id, { ...wish, version: 2 }));
    const on = problem(await activateVersion(harness.context, admin, id, wish));
    expect(on.slug).toBe("another-deactivation-request-in-progress-in-the-ca-set");
    expect(on.contextInfo).toMatchObject({ activationType: "DEACTIVATE", version: 2 });
    // The other network is free.
    value(await activateVersion(harness.context, admin, id, { ...wish, network: "PRODUCTION" }));
  });

  test("of many at once, one begins", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", "STAGING");
    const id = await harness.caSet([a], [b], [c]);
    const wishes = [1, 2, 3].map((version) => ({ version, network: "STAGING" as const }));
    const outcomes = await Promise.all(wishes.map((wish) => activateVersion(harness.context, admin, id, wish)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const { generation } = await harness.entry(id, "STAGING");
    expect(generation.number).toBe(1);
  });

  test("a roll back takes the place of what it undoes, once", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, "STAGING");
    const node = await harness.node("s1", "STAGING");
    const wrong = await harness.activate(id, 2, "STAGING");
    const back = await harness.activate(id, 1, "STAGING");
    expect(await harness.read(wrong)).toMatchObject({
      activationStatus: "FAILED",
      failureReason: expect.stringContaining("operator rolled back to version 1") as string,
    });
    expect(await harness.told(id, "STAGING")).toBe("1@3");
    const again = problem(await activateVersion(harness.context, admin, id, { version: 1, network: "STAGING" }));
    expect(again.slug).toBe("another-activation-request-in-progress-in-the-ca-set");
    await harness.report(node, id, "verified");
    expect((await harness.read(back)).activationStatus).toBe("COMPLETE");
    expect(await harness.inForce(id, "STAGING")).toBe(1);
  });

  test("a deactivation is undone by activating the version again", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    await harness.activate(id, 1, "STAGING");
    await harness.node("s1", "STAGING");
    const off = value(await deactivateVersion(harness.context, admin, id, { version: 1, network: "STAGING" }));
    await harness.activate(id, 1, "STAGING");
    expect((await harness.read(off)).activationStatus).toBe("FAILED");
    expect(await harness.told(id, "STAGING")).toBe("1@3");
  });

  test("what is active already is refused", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    await harness.activate(id, 1, "STAGING");
    expect(
      problem(await activateVersion(harness.context, admin, id, { version: 1, network: "STAGING" })),
    ).toMatchObject({
      slug: "ca-set-version-already-active-on-network",
      contextInfo: { caSetId: String(id), network: "STAGING", version: 1 },
    });
  });
});

describe("deactivating", () => {
  test("withdraws the set from the network", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a]);
    await harness.activateOnBoth(id, 1);
    const node = await harness.node("s1", "STAGING");
    const off = value(await deactivateVersion(harness.context, admin, id, { version: 1, network: "STAGING" }));
    expect(off).toMatchObject({ activationType: "DEACTIVATE", activationStatus: "IN_PROGRESS" });
    expect(await harness.inForce(id, "STAGING")).toBe(1);
    await harness.report(node, id, "verified");
    expect((await harness.read(off)).activationStatus).toBe("COMPLETE");
    expect(await harness.inForce(id, "STAGING")).toBeUndefined();
    expect(await harness.inForce(id, "PRODUCTION")).toBe(1);
  });

  test("what is not active is refused", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, "STAGING");
    for (const wish of [
      { version: 2, network: "STAGING" },
      { version: 1, network: "PRODUCTION" },
    ] as const)
      expect(problem(await deactivateVersion(harness.context, admin, id, wish))).toMatchObject({
        slug: "ca-set-version-not-active-on-network",
        contextInfo: { caSetId: String(id), ...wish },
      });
  });
});

describe("what was deployed once", () => {
  test("never changes again: active, on its way, or long gone", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    await harness.activate(id, 1, "STAGING");
    await harness.node("s1", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    const edit = async (version: number) => {
      const update = { request: { certificates: [{ certificatePem: c.pem }] }, ifMatch: undefined };
      return problem(await updateVersion(harness.context, admin, id, version, update)).slug;
    };
    expect([await edit(1), await edit(2)]).toEqual(["ca-set-version-is-active", "ca-set-version-is-active"]);
    value(await cancelActivation(harness.context, admin, idsOf(begun)));
    expect(await edit(2)).toBe("ca-set-version-was-previously-active");
    expect(problem(await renameCaSet(harness.context, admin, id, { caSetName: "another" })).slug).toBe(
      "ca-set-name-is-frozen",
    );
  });

  test("generations only rise, whatever happens, and on each network by themselves", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    const seen: number[] = [];
    const note = async () => seen.push((await harness.entry(id, "STAGING")).generation.number);
    await harness.activateOnBoth(id, 1);
    await note();
    const node = await harness.node("s1", "STAGING");
    const begun = await harness.activate(id, 2, "STAGING");
    await note();
    value(await cancelActivation(harness.context, admin, idsOf(begun)));
    await note();
    await harness.activate(id, 2, "STAGING");
    await note();
    await harness.activate(id, 1, "STAGING");
    await note();
    await harness.report(node, id, "rejected");
    await note();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await harness.entry(id, "PRODUCTION")).generation).toEqual({ epoch: 1, number: 1 });
  });

  test("a version that was in force may come back although a member has expired since", async () => {
    const harness = await DeploymentHarness.open();
    const short = pki.root("Short", { notAfter: pki.now + 60 });
    const id = await harness.caSet([short], [a], [short, a]);
    await harness.activate(id, 1, "STAGING");
    await harness.activate(id, 2, "STAGING");
    harness.clock.advance(120_000);
    const back = await harness.activate(id, 1, "STAGING");
    expect(types(back.validation?.warnings)).toContain("expired-certificate");
    const first = problem(await activateVersion(harness.context, admin, id, { version: 3, network: "STAGING" }));
    expect(first.slug).toBe("certificate-validation-failure-activate");
    const elsewhere = problem(await activateVersion(harness.context, admin, id, { version: 1, network: "PRODUCTION" }));
    expect(elsewhere.slug).toBe("certificate-validation-failure-activate");
  });

  test("so may one that came into force by its deadline", async () => {
    const harness = await DeploymentHarness.open();
    await harness.node("s1", "STAGING");
    const short = pki.root("Short", { notAfter: pki.now + 3_600 });
    const id = await harness.caSet([short], [a]);
    await harness.activate(id, 1, "STAGING");
    harness.clock.advance(deadlineMs);
    await settleOverdue(harness.context);
    await harness.activate(id, 2, "STAGING");
    harness.clock.advance(3_600_000);
    await settleOverdue(harness.context);
    const back = await harness.activate(id, 1, "STAGING");
    expect(types(back.validation?.warnings)).toContain("expired-certificate");
  });
});

describe("the record", () => {
  test("holds everything that was done and the refusals, in order", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([pki.root("Short", { notAfter: pki.now + 1 })], [a]);
    harness.clock.advance(5_000);
    await activateVersion(harness.context, admin, id, { version: 1, network: "STAGING" });
    await harness.activate(id, 2, "STAGING");
    value(await deactivateVersion(harness.context, admin, id, { version: 2, network: "STAGING" }));
    expect(await harness.activities(id)).toEqual([
      "CREATE_CA_SET",
      "CREATE_CA_SET_VERSION",
      "CREATE_CA_SET_VERSION",
      "REFUSE_ACTIVATION",
      "ACTIVATE_CA_SET_VERSION",
      "DEACTIVATE_CA_SET_VERSION",
    ]);
  });

  test("lists activations newest first, of a version or of all", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a], [b]);
    for (const version of [1, 2, 1]) await harness.activate(id, version, "STAGING");
    const ids = value(await listActivations(harness.context, id)).map(({ activationId }) => activationId);
    expect(ids).toEqual(ids.toSorted((x, y) => y - x));
    expect(value(await listActivations(harness.context, id, 1)).map(({ version }) => version)).toEqual([1, 1]);
    expect(value(await listActivations(harness.context, id, 2))).toHaveLength(1);
  });
});

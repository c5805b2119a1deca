import { activation, activationList, activationNodes } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { staysSilent } from "../testing/fake-node.ts";

let harness: ControlPlaneHarness;
let caSetId: string;
beforeAll(async () => {
  harness = await ControlPlaneHarness.start();
  caSetId = await harness.createVersion([testPki().root("Root")]);
});
afterAll(() => harness.remove());

const base = "/mtls-edge-truststore/v2";
const below = (link: string) => link.slice(base.length);
const versionPath = () => `/ca-sets/${caSetId}/versions/1`;

describe("POST …/activate, then GET …/activations/{a}", () => {
  test("answers 202 with a place to ask, 202 with a date to ask again, and 200 when it has ended", async () => {
    const node = await harness.connect(harness.localNode("STAGING"), staysSilent);
    const body = { network: "STAGING" };
    const begun = await harness.ask("POST", `${versionPath()}/activate`, { body });
    const { activationId, caSetName } = expectStatus(begun, 202, activation.strict());
    const link = `${base}${versionPath()}/activations/${activationId}`;
    expect(begun.headers.location).toBe(link);
    expect(begun.body).toEqual({
      activationId,
      activationLink: link,
      activationType: "ACTIVATE",
      activationStatus: "IN_PROGRESS",
      network: "STAGING",
      percentComplete: 0,
      failureReason: null,
      caSetId,
      caSetName,
      caSetLink: `${base}/ca-sets/${caSetId}`,
      version: 1,
      versionLink: `${base}${versionPath()}`,
      createdDate: "2026-06-01T00:00:00.000000Z",
      createdBy: "token-1",
      modifiedDate: null,
      modifiedBy: null,
      validation: { warnings: [] },
      generation: "1.1",
      deadlineDate: "2026-06-01T00:10:00.000000Z",
      previousVersion: null,
      removesTrustOnly: false,
    });

    const running = await harness.ask("GET", below(link));
    expect(running.status).toBe(202);
    expect(running.body).toEqual({ ...(begun.body as object), validation: null });
    // RFC 1123, in GMT and in the future: the Go client fails on a number of seconds.
    expect(running.headers["retry-after"]).toMatch(/^Mon, 01 Jun 2026 00:00:\d\d GMT$/);
    expect(Date.parse(running.headers["retry-after"] ?? "")).toBeGreaterThan(harness.clock.now());
    expect(running.body).not.toHaveProperty("retryAfter");

    await node.until(() => node.newest(`ca-set/${caSetId}`) !== undefined);
    const entry = node.newest(`ca-set/${caSetId}`)?.entry;
    if (entry === undefined) throw new Error("nothing was announced");
    node.reports(entry, "delivered");
    node.reports(entry, "verified");
    const view = await harness.ended({ activationLink: link.slice(base.length + 1) });
    expect(view).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    const ended = await harness.ask("GET", below(link));
    expect(ended.status).toBe(200);
    expect(ended.headers).not.toHaveProperty("retry-after");

    expect(await harness.get(activationNodes.strict(), `${below(link)}/nodes`)).toEqual({
      percentComplete: 100,
      nodes: [
        {
          nodeId: "staging-edge",
          state: "verified",
          requiredLevel: "verified",
          code: null,
          detail: null,
          excludedDate: null,
          excludedBy: null,
          modifiedDate: "2026-06-01T00:00:00.000000Z",
        },
      ],
    });
    for (const path of [`${versionPath()}/activations`, `/ca-sets/${caSetId}/activations`]) {
      const list = await harness.get(activationList.strict(), path);
      expect(list.activations).toEqual([ended.body]);
    }
    await node.close();
  });

  test("a second one is a conflict with all that mETS tells of it", async () => {
    const body = { network: "STAGING" };
    const again = await harness.ask("POST", `${versionPath()}/activate`, { body });
    expect(refusal(again)).toEqual([409, "ca-set-version-already-active-on-network"]);
    expect(problemOf(again).contextInfo).toMatchObject({ caSetId, network: "STAGING", version: 1 });
  });

  test("cancelling and excluding are answered with what has become of it", async () => {
    const begun = await harness.activate(caSetId, 1, "PRODUCTION");
    const path = below(begun.activationLink);
    const other = await harness.ask("POST", `${versionPath()}/deactivate`, { body: { network: "PRODUCTION" } });
    expect(refusal(other)).toEqual([409, "another-activation-request-in-progress-in-the-ca-set"]);
    expect(problemOf(other).contextInfo).toMatchObject({
      activationLink: begun.activationLink,
      activationType: "ACTIVATE",
      caSetId,
      network: "PRODUCTION",
      version: 1,
    });
    const wrong = await harness.ask("POST", `${path}/nodes/exclude`, { body: { nodeId: "nobody" } });
    expect(refusal(wrong)).toEqual([404, "activation-node-not-found"]);
    const cancelled = expectStatus(await harness.ask("POST", `${path}/cancel`), 200, activation.strict());
    expect(cancelled).toMatchObject({ activationStatus: "FAILED", modifiedBy: "token-1", validation: null });
    for (const [what, body] of [
      ["cancel", undefined],
      ["nodes/exclude", { nodeId: "production-edge" }],
    ] as const)
      expect(refusal(await harness.ask("POST", `${path}/${what}`, { body }))).toEqual([
        409,
        "activation-already-ended",
      ]);
  });

  test("excluding the last node that is behind completes it", async () => {
    const begun = await harness.activate(caSetId, 1, "PRODUCTION");
    const body = { nodeId: "production-edge" };
    const answer = await harness.ask("POST", `${below(begun.activationLink)}/nodes/exclude`, { body });
    expect(expectStatus(answer, 200, activationNodes.strict()).nodes).toMatchObject([{ excludedBy: "token-1" }]);
    expect((await harness.ask("GET", below(begun.activationLink))).status).toBe(200);
  });
});

describe("what cannot be read or done", () => {
  test.each([
    ["/ca-sets/99999/activations", "ca-set-not-found"],
    ["/ca-sets/1/versions/99/activations", "ca-set-version-not-found"],
    ["/ca-sets/1/versions/99/activations/1", "ca-set-version-not-found"],
    ["/ca-sets/99999/versions/1/activations/1", "ca-set-not-found"],
    ["/ca-sets/1/versions/1/activations/99999", "activation-or-deactivation-request-not-found"],
    ["/ca-sets/1/versions/1/activations/99999/nodes", "activation-or-deactivation-request-not-found"],
  ])("%s: %s", async (path, slug) => {
    expect(refusal(await harness.ask("GET", path))).toEqual([404, slug]);
  });

  test("an activation is found under its own set and version alone, with its ids in the problem", async () => {
    const { activations } = await harness.get(activationList, `/ca-sets/${caSetId}/activations`);
    const id = activations[0]?.activationId ?? 0;
    await harness.createVersion([testPki().root("Second")], {}, caSetId);
    const answer = await harness.ask("GET", `/ca-sets/${caSetId}/versions/2/activations/${id}`);
    expect(refusal(answer)).toEqual([404, "activation-or-deactivation-request-not-found"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ activationId: id, caSetId, version: 2 });
  });

  test.each(["activate", "deactivate"])("%s wants a network, and nothing else", async (what) => {
    const path = `${versionPath()}/${what}`;
    for (const body of [
      {},
      { network: "staging" },
      { network: "STAGING", acknowledge: true },
      { network: ["STAGING"] },
    ])
      expect(refusal(await harness.ask("POST", path, { body }))).toEqual([400, "json-schema-validation-error"]);
    expect(refusal(await harness.ask("POST", path))).toEqual([400, "json-schema-validation-error"]);
    const unknown = await harness.ask("POST", `/ca-sets/${caSetId}/versions/99/${what}`, {
      body: { network: "STAGING" },
    });
    expect(refusal(unknown)).toEqual([404, "ca-set-version-not-found"]);
  });

  test("what is not active cannot be deactivated", async () => {
    const body = { network: "STAGING" };
    const answer = await harness.ask("POST", `/ca-sets/${caSetId}/versions/2/deactivate`, { body });
    expect(refusal(answer)).toEqual([409, "ca-set-version-not-active-on-network"]);
    expect(problemOf(answer).contextInfo).toMatchObject({ caSetId, network: "STAGING", version: 2 });
  });
});

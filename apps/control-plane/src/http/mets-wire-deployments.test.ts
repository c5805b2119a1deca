import { problemTypePrefix } from "@tcm/api-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { by, item, noSet, noVersion, now, pki, problem, sentence, text } from "../testing/mets-answers.ts";
import { activationObject } from "../testing/mets-objects.ts";
import { MetsWire } from "../testing/mets-wire.ts";

let wire: MetsWire;
beforeAll(async () => (wire = await MetsWire.open()));
afterAll(() => wire.close());

describe("deployments on the wire", () => {
  test("9. and 17. to 20. activate, ask, list, deactivate", async () => {
    const set = await wire.newVersion();
    const path = `/ca-sets/${set.caSetId}/versions/1`;
    const sent = { body: { network: "PRODUCTION" } };
    wire.silence("STAGING", "PRODUCTION");
    const asked = await wire.plane.ask("POST", `${path}/activate`, sent);
    const { activationId } = asked.body as { activationId: number };
    await wire.plane.ask("POST", `${path}/activations/${activationId}/cancel`);
    const begun = { activationId: activationId + 1, network: "PRODUCTION", version: 1 };
    const ours = { deadlineDate: text, previousVersion: null, removesTrustOnly: false };
    const generation = { ...ours, generation: expect.stringMatching(/^1\.\d+$/) as string };
    const staging = {
      type: `${problemTypePrefix}activate-version-on-production-without-activating-on-staging`,
      title: text,
      detail: sentence,
    };
    const started = activationObject(set, begun, now, by, generation);
    const headers = { location: started["activationLink"] };
    const body = { ...started, validation: { warnings: [staging] } };
    await wire.call("POST", `${path}/activate`, sent, { status: 202, headers, body });
    const one = `${path}/activations/${begun.activationId}`;
    const again = { "retry-after": "Mon, 01 Jun 2026 00:00:05 GMT" };
    await wire.call("GET", one, {}, { status: 202, headers: again, body: started });
    const running = { ...set, network: "PRODUCTION", version: 1, activationType: "ACTIVATE" };
    const inFlight = { ...running, activationLink: started["activationLink"] };
    await wire.call(
      "POST",
      `${path}/activate`,
      sent,
      problem("another-activation-request-in-progress-in-the-ca-set", inFlight),
    );
    const production = wire.nodes.find(({ account }) => account.network === "PRODUCTION");
    wire.silence();
    // What it has not heard yet it proves by habit.
    const told = production?.newest(`ca-set/${set.caSetId}`);
    if (told !== undefined) production?.reports(told.entry, "verified");
    await wire.plane.ended({ activationLink: String(started["activationLink"]) });
    const modified = { modifiedDate: now, modifiedBy: by, percentComplete: 100, activationStatus: "COMPLETE" };
    const ended = { ...started, ...modified };
    await wire.call("GET", one, {}, { status: 200, body: ended });
    for (const list of [`${path}/activations`, `/ca-sets/${set.caSetId}/activations`]) {
      const cancelled = { ...started, activationId, activationLink: text, activationStatus: "FAILED" };
      const first = { ...cancelled, ...generation, failureReason: text, modifiedDate: now, modifiedBy: by };
      await wire.call("GET", list, {}, { status: 200, body: { activations: [ended, first] } });
    }
    const already = problem("ca-set-version-already-active-on-network", { ...set, network: "PRODUCTION", version: 1 });
    await wire.call("POST", `${path}/activate`, sent, already);
    const elsewhere = problem("ca-set-version-not-active-on-network", { ...set, network: "STAGING", version: 1 });
    await wire.call("POST", `${path}/deactivate`, { body: { network: "STAGING" } }, elsewhere);
    const off = activationObject(set, { ...begun, activationId: begun.activationId + 1 }, now, by, {
      ...generation,
      previousVersion: 1,
      removesTrustOnly: true,
      activationType: "DEACTIVATE",
      validation: { warnings: [] },
    });
    const place = { location: off["activationLink"] };
    await wire.call("POST", `${path}/deactivate`, sent, { status: 202, headers: place, body: off });
  });

  test("what is not there, and what cannot be deployed", async () => {
    const set = await wire.newVersion();
    const path = `/ca-sets/${set.caSetId}/versions`;
    const sent = { body: { network: "STAGING" } };
    for (const verb of ["activate", "deactivate"]) await wire.call("POST", `${path}/9/${verb}`, sent, noVersion(set));
    await wire.call("GET", `${path}/9/activations`, {}, noVersion(set));
    await wire.call("GET", "/ca-sets/999999/activations", {}, noSet);
    const missing = problem("activation-or-deactivation-request-not-found", { activationId: 999, ...set, version: 1 });
    await wire.call("GET", `${path}/1/activations/999`, {}, missing);
    const soon = await wire.newSet();
    await wire.plane.createVersion([pki.root("Ends", { notAfter: pki.now + 86_400 })], {}, soon.caSetId);
    wire.plane.clock.advance(2 * 86_400_000);
    const expired = item("expired-certificate", undefined, expect.any(Object) as object);
    const late = problem("certificate-validation-failure-activate", { ...soon, version: 1 }, { errors: [expired] });
    const answer = await wire.plane.ask("POST", `/ca-sets/${soon.caSetId}/versions/1/activate`, sent);
    wire.plane.clock.set("2026-06-01T00:00:00Z");
    expect({ status: answer.status, body: answer.body }).toEqual({ status: late.status, body: late.body });
    wire.see("POST", `/ca-sets/${soon.caSetId}/versions/1/activate`, answer.status);
  });

  test("nothing of a set is deployed that is being deleted", async () => {
    const { set, busy } = await wire.beingDeleted();
    const sent = { body: { network: "STAGING" } };
    for (const verb of ["activate", "deactivate"])
      await wire.call("POST", `/ca-sets/${set.caSetId}/versions/1/${verb}`, sent, busy);
  });

  test("every status of the reference was seen", () => {
    expect(wire.unseen("deployment")).toEqual([]);
  });
});

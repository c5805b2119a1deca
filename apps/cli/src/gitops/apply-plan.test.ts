import type { ActivationView, VersionView } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../client/api-client.ts";
import { exitCode } from "../output/exit-code.ts";
import { applyPlan } from "./apply-plan.ts";
import type { DesiredCaSet } from "./desired-state.ts";
import type { Plan } from "./plan.ts";
import { renderPlan } from "./render-plan.ts";

const pki = testPki();
const wanted = pki.root("Wanted Root");
const slippedIn = pki.root("Slipped In Root");
const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };

const set: DesiredCaSet = {
  name: "partners",
  description: undefined,
  options,
  certificates: [wanted.certificate],
  entries: [{ certificatePem: wanted.pem }],
  places: [],
  networks: ["STAGING"],
};

function versionOf(members: readonly (typeof wanted)[], changes: Partial<VersionView> = {}): Partial<VersionView> {
  const certificates = members.map(({ fingerprint }) => ({ fingerprint })) as VersionView["certificates"];
  return { ...options, caSetName: "partners", version: 1, certificates, ...changes };
}

function activation(version: number | undefined): Plan["steps"][number] {
  return { kind: "activate", set, network: "STAGING", version, from: null, effect: { removed: [], stillTrusted: [] } };
}

/** A server that holds one version of one set; what it was asked to do is kept. */
function serverWith(version: Partial<VersionView>, etag: string, activations: readonly Partial<ActivationView>[] = []) {
  const asked: { readonly name: string; readonly call: unknown }[] = [];
  const answers: Readonly<Record<string, unknown>> = {
    listCaSets: { caSets: [{ caSetId: "1", caSetName: "partners" }] },
    getVersion: version,
    createVersion: version,
    activateVersion: { activationStatus: "COMPLETE" },
    deactivateVersion: { activationStatus: "COMPLETE" },
    listSetActivations: { activations },
  };
  const send = (name: string, call: unknown) => {
    asked.push({ name, call });
    return Promise.resolve({ body: answers[name], etag });
  };
  const client = { send, call: async (name: string, call: unknown) => (await send(name, call)).body };
  const ports = {
    client: client as unknown as ApiClient,
    awaitActivation: (started: unknown) => Promise.resolve(started as never),
    awaitEdgeCertificate: (started: unknown) => Promise.resolve(started as never),
  };
  return { ports, asked };
}

const body = { network: "STAGING" };

describe("what is activated is what the document says", () => {
  test("a version that was there is activated as it was read again", async () => {
    const { ports, asked } = serverWith(versionOf([wanted]), '"v1-now"');
    const results = await applyPlan({ steps: [activation(1)] }, ports, true);
    expect(results).toMatchObject([{ outcome: "done" }]);
    const params = { caSetId: "1", version: 1 };
    expect(asked.at(-1)).toEqual({ name: "activateVersion", call: { params, body, ifMatch: '"v1-now"' } });
  });

  test.each([
    ["another certificate", versionOf([wanted, slippedIn])],
    ["another option", versionOf([wanted], { allowInsecureSha1: true })],
  ])("a version that somebody has given %s since the plan is not activated", async (_what, edited) => {
    const { ports, asked } = serverWith(edited, '"v1-edited"');
    const results = await applyPlan({ steps: [activation(1)] }, ports, true);
    expect(results).toMatchObject([{ outcome: "failed", error: { exitCode: exitCode.problem } }]);
    expect(asked.map(({ name }) => name)).not.toContain("activateVersion");
  });

  test("a version that it made is activated as it was made", async () => {
    const { ports, asked } = serverWith(versionOf([wanted], { version: 4 }), '"v4-made"');
    const made = { kind: "create-version", set, against: undefined, added: [], removed: [], keptCount: 0 } as const;
    const results = await applyPlan({ steps: [{ ...made, options: [] }, activation(undefined)] }, ports, true);
    expect(results).toMatchObject([{ outcome: "done" }, { outcome: "done" }]);
    const params = { caSetId: "1", version: 4 };
    expect(asked.at(-1)).toEqual({ name: "activateVersion", call: { params, body, ifMatch: '"v4-made"' } });
  });
});

describe("what one node first has stopped is for a person to go on with", () => {
  const stopped = {
    activationId: 2,
    caSetName: "partners",
    version: 1,
    network: "STAGING",
    activationStatus: "FAILED",
    failureReason: "2 clients were refused.",
    oneNodeFirst: { nodeId: "p1" },
  } as ActivationView;

  test("the step fails with why, and how to go on; later ones are not attempted", async () => {
    const { ports, asked } = serverWith(versionOf([wanted]), '"v1"');
    const by = { ...stopped, activationType: "ACTIVATE" } as const;
    const step = { kind: "stopped", network: "STAGING", name: "partners", version: 1, by } as const;
    const results = await applyPlan({ steps: [step, activation(1)] }, ports, true);
    expect(results).toMatchObject([
      { outcome: "failed", error: { exitCode: exitCode.refused } },
      { outcome: "not-attempted" },
    ]);
    expect(String(results[0]?.error)).toMatch(
      /partners@1 was stopped on one node\.\n2 clients were refused\.\n.*tcm deploy partners@VERSION --network staging/,
    );
    expect(asked).toEqual([]);
    expect(renderPlan({ steps: [step] }, { colour: false })).toMatch(
      /^1\. staging: partners@1 is not activated, since partners@1 was stopped on one node\n {3}! 2 clients were refused\.\n {3}! /,
    );
  });

  test("a deactivation too, until one has gone on", async () => {
    const step = { kind: "deactivate", name: "partners", network: "STAGING", version: 1 } as const;
    const removal = { ...stopped, activationType: "DEACTIVATE" } as const;
    const rollback = { ...stopped, activationId: 3, activationType: "ACTIVATE", activationStatus: "COMPLETE" } as const;
    const first = serverWith(versionOf([wanted]), '"v1"', [rollback, removal]);
    expect(await applyPlan({ steps: [step] }, first.ports, true)).toMatchObject([
      {
        outcome: "failed",
        error: { exitCode: exitCode.refused, message: expect.stringContaining("tcm deactivate partners") as string },
      },
    ]);
    expect(first.asked.map(({ name }) => name)).not.toContain("deactivateVersion");
    const gone = { ...removal, activationId: 4, activationStatus: "COMPLETE" } as const;
    const second = serverWith(versionOf([wanted]), '"v1"', [gone, rollback, removal]);
    expect(await applyPlan({ steps: [step] }, second.ports, true)).toMatchObject([{ outcome: "done" }]);
  });
});

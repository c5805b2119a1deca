import type { ActivationView, CaSetView, CertificateView, VersionView } from "@tcm/api-contract";
import { type TestAuthority, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { ActualCaSet } from "./actual-state.ts";
import type { DesiredCaSet } from "./desired-state.ts";
import { planCaSet } from "./plan-ca-set.ts";

const pki = testPki();
const old = pki.root("Old Root");
const fresh = pki.root("New Root");
const below = fresh.crossSign(old);

const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };

function desired(members: readonly TestAuthority[], more: Partial<DesiredCaSet> = {}): DesiredCaSet {
  return {
    name: "partners",
    description: undefined,
    options,
    certificates: members.map(({ certificate }) => certificate),
    entries: [],
    places: [],
    networks: ["STAGING", "PRODUCTION"],
    ...more,
  };
}

function actual(
  contents: readonly (readonly TestAuthority[])[],
  {
    activations = [],
    ...active
  }: Partial<CaSetView> & { readonly activations?: readonly Partial<ActivationView>[] } = {},
): ActualCaSet {
  const versions = contents.map((members, i) => ({
    ...options,
    caSetName: "partners",
    version: i + 1,
    certificates: members.map(
      ({ pem, fingerprint, certificate }) =>
        ({ certificatePem: pem, fingerprint, subject: certificate.subject.canonical }) as unknown as CertificateView,
    ),
  }));
  const caSet = {
    caSetName: "partners",
    latestVersion: contents.length,
    stagingVersion: null,
    productionVersion: null,
  };
  return {
    caSet: { ...caSet, ...active } as CaSetView,
    versions: versions.toReversed() as unknown as readonly VersionView[],
    activations: activations as readonly ActivationView[],
  };
}

const kinds = (steps: ReturnType<typeof planCaSet>) => steps.map(({ kind }) => kind);

describe("the steps of a CA set", () => {
  test("are none when the certificates are active wherever they should be, in whatever order", () => {
    const present = actual([[fresh, old]], { stagingVersion: 1, productionVersion: 1 });
    expect(planCaSet(desired([old, fresh]), present)).toEqual([]);
    expect(planCaSet(desired([old, fresh], { networks: [] }), present)).toEqual([]);
  });

  test("leave a network alone that the document leaves out", () => {
    const present = actual([[old]], { productionVersion: 1 });
    const steps = planCaSet(desired([fresh], { networks: ["STAGING"] }), present);
    expect(steps).toMatchObject([{ kind: "create-version" }, { kind: "activate", network: "STAGING" }]);
  });

  test("deploy an older version of the same content, and make no copy", () => {
    const present = actual([[old], [fresh]], { stagingVersion: 2, productionVersion: 1 });
    expect(planCaSet(desired([old]), present)).toMatchObject([
      { kind: "activate", network: "STAGING", version: 1, from: 2 },
    ]);
  });

  test("are none when a clone of what is active is there as well", () => {
    const present = actual([[old], [old]], { stagingVersion: 1, productionVersion: 1 });
    expect(planCaSet(desired([old]), present)).toEqual([]);
    const half = actual([[old], [old]], { stagingVersion: 1 });
    expect(planCaSet(desired([old]), half)).toMatchObject([{ kind: "activate", network: "PRODUCTION", version: 1 }]);
  });

  test("make a version where an option differs alone", () => {
    const present = actual([[old]], { stagingVersion: 1, productionVersion: 1 });
    const [first] = planCaSet(desired([old], { options: { ...options, allowInsecureSha1: true } }), present);
    expect(first).toMatchObject({
      kind: "create-version",
      added: [],
      removed: [],
      options: [{ option: "allowInsecureSha1", from: false, to: true }],
    });
  });

  test("tell who loses access, and who does not because a member stands above", () => {
    const present = actual([[old, fresh]], { stagingVersion: 1, productionVersion: 1 });
    const gone = planCaSet(desired([fresh]), present);
    expect(gone[1]).toMatchObject({ effect: { removed: [{ fingerprint: old.fingerprint }], stillTrusted: [] } });
    const crossSigned = actual([[old, fresh, below]], { stagingVersion: 1, productionVersion: 1 });
    const kept = planCaSet(desired([fresh]), crossSigned);
    expect(kept[1]).toMatchObject({
      effect: { removed: [], stillTrusted: [{ by: [fresh.fingerprint] }, { fingerprint: below.fingerprint }] },
    });
  });

  test("wait for a deployment that is under way, instead of beginning it again", () => {
    const activations = [
      { network: "PRODUCTION", version: 1, activationType: "ACTIVATE", activationStatus: "IN_PROGRESS" },
    ] as const;
    const present = actual([[old]], { stagingVersion: 1, activations });
    expect(planCaSet(desired([old]), present)).toMatchObject([
      { kind: "follow", activation: { network: "PRODUCTION" } },
    ]);
  });

  test("say again what should be active while something else is on its way there", () => {
    const activations = [
      { network: "STAGING", version: 1, activationType: "DEACTIVATE", activationStatus: "IN_PROGRESS" },
    ] as const;
    const present = actual([[old]], { stagingVersion: 1, productionVersion: 1, activations });
    expect(kinds(planCaSet(desired([old]), present))).toEqual(["activate"]);
  });

  test("deploy again what is active and whose last deployment there failed, and no other version of that content", () => {
    const was = { network: "STAGING", version: 1, activationType: "ACTIVATE" } as const;
    const before = [{ ...was, activationStatus: "COMPLETE" }] as const;
    const activations = [{ ...was, activationStatus: "FAILED" }, ...before] as const;
    const active = { stagingVersion: 1, productionVersion: 2 };
    const steps = planCaSet(desired([old]), actual([[old], [old]], { ...active, activations }));
    expect(steps).toMatchObject([{ kind: "activate", network: "STAGING", version: 1, from: 1 }]);
    expect(planCaSet(desired([old]), actual([[old], [old]], { ...active, activations: before }))).toEqual([]);
  });
});

describe("what one node first has stopped", () => {
  const oneNodeFirst = { nodeId: "p1", phase: "OBSERVATION" } as ActivationView["oneNodeFirst"];
  const on = { network: "PRODUCTION", activationType: "ACTIVATE" } as const;
  const stopped = { ...on, activationId: 2, version: 2, activationStatus: "FAILED", oneNodeFirst } as const;
  const rolledBack = { ...on, activationId: 3, version: 1, activationStatus: "COMPLETE" } as const;
  const production = (members: readonly TestAuthority[]) => desired(members, { networks: ["PRODUCTION"] });
  // Version 1 serves both; version 2 takes one away.
  const contents = [[old, fresh], [fresh]];
  const planned = (members: readonly TestAuthority[], activations: readonly Partial<ActivationView>[]) =>
    planCaSet(production(members), actual(contents, { productionVersion: 1, activations }));

  test("is not told to every node at once, also when the version before was deployed again since", () => {
    const step = { kind: "stopped", network: "PRODUCTION", version: 2, by: { activationId: 2 } };
    expect(planned([fresh], [stopped])).toMatchObject([step]);
    expect(planned([fresh], [rolledBack, stopped])).toMatchObject([step]);
  });

  test("is not gone on with under another number either, but what is in force stays", () => {
    expect(kinds(planned([below], [stopped]))).toEqual(["create-version", "stopped"]);
    expect(kinds(planned([below], [rolledBack, stopped]))).toEqual(["create-version", "activate"]);
    expect(planned([old, fresh], [stopped])).toEqual([]);
  });

  test("is deployed again when it failed since, and to all nodes at once, and on a network where it never was", () => {
    const again = { ...on, activationId: 3, version: 2, activationStatus: "FAILED" } as const;
    expect(kinds(planned([fresh], [again, stopped]))).toEqual(["activate"]);
    expect(kinds(planned([fresh], [{ ...stopped, network: "STAGING" }]))).toEqual(["activate"]);
  });

  test("is not told again where it is in force, since it was stopped when the rest had been told", () => {
    const present = actual(contents, { productionVersion: 2, activations: [stopped] });
    expect(kinds(planCaSet(production([fresh]), present))).toEqual(["stopped"]);
  });
});

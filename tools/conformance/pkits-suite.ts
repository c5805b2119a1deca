import { buildAnchorIndex, pathLimits, validatePath } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { type Case, type Outcome, type Suite, outcomeOf } from "./case.ts";
import { hardFail, readable, readDer } from "./certificates.ts";

/** The test table in the shape of `pkits.json`: certificates and lists by name, the trust anchor first. */
export type Pkits = {
  readonly time: number;
  readonly tests: readonly PkitsTest[];
  readonly certs: Readonly<Record<string, string>>;
  readonly crls: Readonly<Record<string, string>>;
};

type PkitsTest = {
  readonly id: string;
  readonly name: string;
  readonly certs: readonly string[];
  readonly crls: readonly string[];
  readonly should_validate: boolean;
  readonly initial_policy_set: readonly string[];
  readonly explicit: boolean;
  readonly inhibit_map: boolean;
  readonly inhibit_any: boolean;
};

export function pkitsSuite(pkits: Pkits): Suite {
  return { name: "pkits", floor: { passed: 1 }, cases: pkits.tests.map((test) => toCase(test, pkits)) };
}

function toCase(test: PkitsTest, pkits: Pkits): Case {
  return {
    id: `${test.id} ${test.name}`,
    expected: test.should_validate ? "accepted" : "refused",
    run: () => runPkits(test, pkits),
  };
}

function runPkits(test: PkitsTest, pkits: Pkits): Outcome {
  const bytes = (store: Readonly<Record<string, string>>, name: string): Uint8Array =>
    Buffer.from(store[name] ?? "", "base64");
  const [anchor, ...below] = test.certs.map((name) => readDer(bytes(pkits.certs, name)));
  const leaf = below.pop();
  if (anchor === undefined || leaf === undefined) return { verdict: "refused", code: "case-without-path" };
  if ("problem" in leaf) return { verdict: "refused", code: leaf.problem, index: 0 };
  const revocation = hardFail(test.crls.map((name) => bytes(pkits.crls, name)));
  const result = validatePath({
    presented: [leaf.certificate, ...readable(below)],
    anchors: buildAnchorIndex(readable([anchor])),
    time: pkits.time,
    purpose: "any",
    profile: "compat",
    policies: {
      initialPolicySet: new Set(test.initial_policy_set),
      initialExplicitPolicy: test.explicit,
      initialPolicyMappingInhibit: test.inhibit_map,
      initialAnyPolicyInhibit: test.inhibit_any,
    },
    ...(revocation && { revocation }),
    limits: pathLimits,
    crypto: nodeCrypto,
  });
  return outcomeOf(result);
}

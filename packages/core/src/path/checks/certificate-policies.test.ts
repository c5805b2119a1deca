import type { PolicyConstraints } from "../../certificate/certificate.ts";
import type { ExtensionDescription } from "../../certificate/encode-extension.ts";
import { extensionOid } from "../../certificate/extension-oid.ts";
import { encodeElement, encodeInteger, encodeOid, encodeSequence } from "../../der/der-writer.ts";
import { contextTag } from "../../der/tag.ts";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { PolicyInputs } from "../policy-inputs.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const anyPolicy = "2.5.29.32.0";
const [p1, p2, p3] = ["1.3.6.1.4.1.55555.1", "1.3.6.1.4.1.55555.2", "1.3.6.1.4.1.55555.3"] as const;

const extension = (oid: string, value: Uint8Array): ExtensionDescription => ({ oid, critical: true, value });
const policies = (...oids: string[]) =>
  extension(extensionOid.certificatePolicies, encodeSequence(...oids.map((oid) => encodeSequence(encodeOid(oid)))));
const mappings = (...pairs: readonly (readonly [string, string])[]) =>
  extension(
    extensionOid.policyMappings,
    encodeSequence(...pairs.map(([from, to]) => encodeSequence(encodeOid(from), encodeOid(to)))),
  );
const small = (number: number, value: number) => encodeElement(contextTag(number), encodeInteger(value).subarray(2));
const constraints = ({ requireExplicitPolicy, inhibitPolicyMapping }: PolicyConstraints) =>
  extension(
    extensionOid.policyConstraints,
    encodeSequence(
      ...(requireExplicitPolicy === undefined ? [] : [small(0, requireExplicitPolicy)]),
      ...(inhibitPolicyMapping === undefined ? [] : [small(1, inhibitPolicyMapping)]),
    ),
  );
const inhibitAny = (value: number) => extension(extensionOid.inhibitAnyPolicy, encodeInteger(value));

const root = pki.root("Root");

/** Root without policies, one intermediate for each list of extensions, and a client with the last one. */
function chainOf(...extensions: readonly (readonly ExtensionDescription[])[]) {
  const leaf = extensions[extensions.length - 1] ?? [];
  let ca = root;
  for (const extra of extensions.slice(0, -1)) ca = ca.intermediate(`CA ${extra.length}`, { extraExtensions: extra });
  return ca.leaf("x", { extraExtensions: leaf }).chain;
}

const explicit: PolicyInputs = { initialExplicitPolicy: true };
const missing = /^policy-explicit-required/;

describe("policies matter only where one is demanded (RFC 5280 §6.1.3 (f))", () => {
  test("nobody demands one", () => {
    expect(outcome(verify(chainOf([policies(p1)], []), [root]))).toBe("accepted");
  });

  test.each([
    ["the caller", [policies(p1)], explicit],
    ["a CA, from the next certificate on", [policies(p1), constraints({ requireExplicitPolicy: 0 })], {}],
  ])("%s does", (_, ca, inputs) => {
    expect(outcome(verify(chainOf(ca, [policies(p1)]), [root], { policies: inputs }))).toBe("accepted");
    expect(outcome(verify(chainOf(ca, [policies(p2)]), [root], { policies: inputs }))).toMatch(missing);
    expect(outcome(verify(chainOf(ca, []), [root], { policies: inputs }))).toMatch(missing);
  });

  test("a count above the length of the path demands nothing", () => {
    const ca = [policies(p1), constraints({ requireExplicitPolicy: 1 })];
    expect(outcome(verify(chainOf(ca, [policies(p1)]), [root]))).toBe("accepted");
    expect(outcome(verify(chainOf(ca, []), [root]))).toMatch(missing);
    const later = [policies(p1), constraints({ requireExplicitPolicy: 2 })];
    expect(outcome(verify(chainOf(later, []), [root]))).toBe("accepted");
  });

  test("the client's own certificate may demand it (§6.1.5 (b))", () => {
    expect(outcome(verify(chainOf([policies(p1)], [constraints({ requireExplicitPolicy: 0 })]), [root]))).toMatch(
      missing,
    );
  });
});

describe("the caller's set of policies (RFC 5280 §6.1.5 (g))", () => {
  const accepting = (...set: string[]): PolicyInputs => ({ ...explicit, initialPolicySet: new Set(set) });

  test.each([
    ["one that the path carries", [p1], "accepted"],
    ["another", [p2], "policy-explicit-required at 0"],
    ["any policy", [anyPolicy], "accepted"],
    ["none", [], "policy-explicit-required at 0"],
  ])("%s", (_, set, expected) => {
    const result = verify(chainOf([policies(p1)], [policies(p1)]), [root], { policies: accepting(...set) });
    expect(outcome(result)).toBe(expected);
  });

  test("anyPolicy along the path stands for each of the set", () => {
    const chain = chainOf([policies(anyPolicy)], [policies(anyPolicy)]);
    expect(outcome(verify(chain, [root], { policies: accepting(p3) }))).toBe("accepted");
  });

  test("through a mapping, the policy of the CA's own domain counts", () => {
    const chain = chainOf([policies(p1), mappings([p1, p2])], [policies(p2)]);
    expect(outcome(verify(chain, [root], { policies: accepting(p1) }))).toBe("accepted");
    expect(outcome(verify(chain, [root], { policies: accepting(p2) }))).toMatch(missing);
  });
});

describe("anyPolicy (RFC 5280 §6.1.3 (d)(2))", () => {
  test("of a CA stands for the client's policy", () => {
    expect(outcome(verify(chainOf([policies(anyPolicy)], [policies(p1)]), [root], { policies: explicit }))).toBe(
      "accepted",
    );
  });

  test("is worth nothing where it is inhibited, by the caller or a CA", () => {
    const chain = chainOf([policies(anyPolicy)], [policies(p1)]);
    const inputs = { ...explicit, initialAnyPolicyInhibit: true };
    expect(outcome(verify(chain, [root], { policies: inputs }))).toMatch(missing);
    const inhibited = chainOf([policies(p1), inhibitAny(0)], [policies(anyPolicy)]);
    expect(outcome(verify(inhibited, [root], { policies: explicit }))).toMatch(missing);
  });

  test("still counts in a self-issued CA", () => {
    const ca = root.intermediate("CA", { extraExtensions: [policies(p1), inhibitAny(0)] });
    const renewed = ca.intermediate("CA", { extraExtensions: [policies(anyPolicy)] });
    const chain = renewed.leaf("x", { extraExtensions: [policies(p1)] }).chain;
    expect(outcome(verify(chain, [root], { policies: explicit }))).toBe("accepted");
  });
});

describe("policy mappings (RFC 5280 §6.1.4 (a), (b))", () => {
  test("make the client's policy one of the CA's", () => {
    const chain = chainOf([policies(p1), mappings([p1, p2])], [policies(p2)]);
    expect(outcome(verify(chain, [root], { policies: explicit }))).toBe("accepted");
    const unmapped = chainOf([policies(p1), mappings([p1, p2])], [policies(p1)]);
    expect(outcome(verify(unmapped, [root], { policies: explicit }))).toMatch(missing);
  });

  test("of a policy that the CA has by anyPolicy alone", () => {
    const chain = chainOf([policies(anyPolicy), mappings([p1, p2])], [policies(p2)]);
    expect(outcome(verify(chain, [root], { policies: explicit }))).toBe("accepted");
  });

  test("are struck out where they are inhibited, by the caller or a CA", () => {
    const chain = chainOf([policies(p1), mappings([p1, p2])], [policies(p2)]);
    expect(outcome(verify(chain, [root], { policies: { ...explicit, initialPolicyMappingInhibit: true } }))).toMatch(
      missing,
    );
    const upper = [policies(p1), constraints({ inhibitPolicyMapping: 0 })];
    const inhibited = chainOf(upper, [policies(p1), mappings([p1, p2])], [policies(p2)]);
    expect(outcome(verify(inhibited, [root], { policies: explicit }))).toMatch(missing);
  });

  test.each([
    ["from", [anyPolicy, p1]],
    ["to", [p1, anyPolicy]],
  ] as const)("%s anyPolicy are an error even where no policy is demanded", (_, pair) => {
    expect(outcome(verify(chainOf([policies(p1), mappings(pair)], []), [root]))).toBe("policy-mapping-any at 1");
  });
});

describe("the anchor is treated as a certificate (RFC 5937)", () => {
  test("its constraints count, a missing certificatePolicies does not", () => {
    const demanding = pki.root("Demanding", { extraExtensions: [constraints({ requireExplicitPolicy: 0 })] });
    const leaf = demanding.leaf("x", { extraExtensions: [policies(p1)] });
    expect(outcome(verify([leaf], [demanding]))).toBe("accepted");
    expect(outcome(verify([demanding.leaf("x")], [demanding]))).toMatch(missing);
  });
});

describe("the policy graph stays small (RFC 9618)", () => {
  test("mappings that would double a tree at every CA cost next to nothing", () => {
    const oids = Array.from({ length: 60 }, (_, i) => `1.3.6.1.4.1.55555.9.${i}`);
    const all = oids.flatMap((from) => oids.slice(0, 6).map((to) => [from, to] as const));
    const level = [policies(...oids), mappings(...all)];
    const chain = chainOf(level, level, level, level, level, [policies(oids[0] as string)]);
    expect(outcome(verify(chain, [root], { policies: explicit }))).toBe("accepted");
  });
});

import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { keyPurpose } from "../certificate/extension-oid.ts";
import { describePathResult } from "./describe-path-result.ts";
import { pathProblemFacts } from "./path-problem-facts.ts";
import { renderPathResult } from "./render-path-result.ts";
import { verify } from "./testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const client = issuing.leaf("client");
const expired = issuing.leaf("old", { notAfter: pki.now - 1 });

describe("a path result as data", () => {
  test("of an accepted client is its path, the anchor last", () => {
    const described = describePathResult(verify(client.chain, [root]));
    expect(described.verdict).toBe("accepted");
    expect(described.path?.map(({ subject }) => subject)).toEqual(["CN=client", "CN=Issuing", "CN=Root"]);
    expect(described).toMatchObject({ validatedAt: "2026-06-01T00:00:00Z", attempts: [], advice: [] });
    expect(described).not.toHaveProperty("reason");
  });

  test("of a refused one is why, in the words of the table, and every attempt", () => {
    const described = describePathResult(verify(expired.chain, [root]));
    const { fingerprint } = expired.certificate;
    expect(described.reason).toEqual({
      code: "expired",
      index: 0,
      certificate: { subject: "CN=old", fingerprint, endDate: "2026-05-31T23:59:59Z" },
      cites: "RFC 5280 §6.1.3 (a)(2)",
      sentence: pathProblemFacts.expired.sentence,
      expected: "at or before 2026-05-31T23:59:59Z",
      actual: "2026-06-01T00:00:00Z",
      openSslError: 10,
    });
    expect(described.attempts.map(({ certificates, stop }) => [certificates.length, stop.code])).toEqual([
      [3, "expired"],
    ]);
    expect(described).not.toHaveProperty("path");
  });

  test("survives JSON unchanged: nothing in it is undefined", () => {
    for (const result of [verify(client.chain, [root]), verify(expired.chain, [root]), verify([client], [])]) {
      const described = describePathResult(result);
      expect(JSON.parse(JSON.stringify(described))).toStrictEqual(described);
    }
  });

  test("tells advice in a sentence", () => {
    const lastSecond = issuing.leaf("x", { notAfter: pki.now });
    const [first] = describePathResult(verify(lastSecond.chain, [root], { advise: true })).advice;
    expect(first).toMatchObject({ code: "openssl-not-after-exclusive", certificate: { subject: "CN=x" } });
    expect(first?.sentence).toMatch(/OpenSSL/);
  });
});

describe("a path result for a terminal", () => {
  const render = (...args: Parameters<typeof verify>): readonly string[] =>
    renderPathResult(describePathResult(verify(...args))).split("\n");

  test("draws the accepted path from the client to its anchor", () => {
    const [verdict, leaf, ca, anchor, end] = render(client.chain, [root]);
    expect(verdict).toBe("accepted");
    expect(leaf).toMatch(/^CN=client {2}\[[0-9a-f]{12}, until 2027-06-01\]$/);
    expect(ca).toMatch(/^└─ CN=Issuing {2}\[/);
    expect(anchor).toMatch(/^ {3}└─ CN=Root {2}\[.*\] {2}✓ anchor$/);
    expect(end).toBe("");
  });

  test("says first why a client is refused, with clause and OpenSSL number", () => {
    expect(render(expired.chain, [root])[0]).toBe(
      `refused: expired. ${pathProblemFacts.expired.sentence} (RFC 5280 §6.1.3 (a)(2); OpenSSL error 10)`,
    );
  });

  test("puts every attempt into one tree, each with its stop", () => {
    const other = pki.root("Other");
    const cross = other.crossSign(issuing, { extendedKeyUsage: [keyPurpose.serverAuth] });
    const lines = render([client, cross, issuing], [other, root]);
    expect(lines.filter((line) => line.includes("CN=client"))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("Issuing  ["))).toHaveLength(2);
    expect(lines.find((line) => line.includes("✗"))).toMatch(
      /✗ ca-eku-not-permitted: at CN=Issuing, expected clientAuth, found 1\.3\.6\.1\.5\.5\.7\.3\.1 /,
    );
    expect(lines.find((line) => line.includes("✓"))).toMatch(/CN=Root/);
  });

  test("lets no control character of a certificate through", () => {
    const evil = issuing.leaf("x", { subject: { CN: "a\u001b[31mred\nnext\u202e" } });
    const text = render(evil.chain, [root]).join("\n");
    expect(text).toContain("CN=a\\x1b[31mred\\x0anext\\u{202e}");
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
  });

  test("names a certificate without a subject as that", () => {
    const unnamed = issuing.leaf("x", { subject: {}, subjectAltName: [{ dns: "a.test" }] });
    expect(render(unnamed.chain, [root])[1]).toMatch(/^\(no subject\)/);
  });
});

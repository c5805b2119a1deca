import { describe, expect, test } from "vitest";
import { oidcRefusalText } from "./oidc-refusal.ts";
import { deadLinkText, readSignInLink } from "./sign-in-link.ts";

const secret = "A".repeat(43);

describe("what the fragment of the sign-in says", () => {
  test.each([
    [`#first=${secret}`, { secret }],
    ["", {}],
    [`#first=${secret}A`, {}],
    [`#other=${secret}`, {}],
    [`#first=${secret.slice(1)}<`, {}],
    ["#refused=forbidden", { refused: "forbidden" }],
    ["#refused=service-busy", { refused: "service-busy" }],
    ["#refused=constructor", {}],
    ["#refused=Call us at …", {}],
  ])("%s", (hash, expected) => {
    expect(readSignInLink(hash)).toEqual(expected);
  });

  test("a refusal by the identity provider is told with what to do", () => {
    expect(oidcRefusalText("forbidden").detail).toContain("Ask an administrator.");
  });
});

test("a dead link says whether to sign in or to ask for another", () => {
  expect(deadLinkText(false)).toMatchObject({ title: "This link has been used" });
  expect(deadLinkText(true).detail).toContain("Start the server again");
});

import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { readDescription } from "./read-description.ts";

const root = testPki().root("Root A");
const keyLine = root.privateKeyPem.split("\n")[1] ?? "";

describe("what was typed as a description", () => {
  test.each([
    ["partner 7, until spring", "partner 7, until spring"],
    ["  partner 7 ", "partner 7"],
    ["", null],
    ["   ", null],
    ["x".repeat(255), "x".repeat(255)],
  ])("%j is kept as %j", (typed, description) => {
    expect(readDescription(typed)).toEqual({ ok: true, description });
  });

  test.each([
    ["what is too long", "x".repeat(256), "255"],
    ["a certificate", root.pem.slice(0, 200), "no PEM"],
    ["the first line of a private key", keyLine, "private key"],
    ["half a character", "\ud800", "255"],
  ])("%s is refused", (_name, typed, words) => {
    expect(readDescription(typed)).toEqual({ ok: false, fault: expect.stringContaining(words) });
  });
});

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { StartError } from "../start-error.ts";
import { FakeControlPlane } from "../testing/fake-control-plane.ts";
import { readIdentity } from "./read-identity.ts";

const identity = { ...new FakeControlPlane().identity, controlPlaneUrl: "https://127.0.0.1:7301" };
const stranger = new FakeControlPlane().identity;

function fileWith(content: unknown, mode = 0o600): string {
  const file = join(temporaryDirectory(), "identity.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

describe("a node reads who it is", () => {
  test.each([0o600, 0o400])("from a file of mode %o", (mode) => {
    expect(readIdentity(fileWith(identity, mode))).toEqual(identity);
  });

  test.each([0o640, 0o604, 0o644, 0o660])("not from a file that others can read, mode %o", (mode) => {
    expect(() => readIdentity(fileWith(identity, mode))).toThrow(/can be read by others. Run "chmod 600"/);
  });

  test.each([
    ["no JSON", "not json", "is not JSON"],
    ["a missing field", { ...identity, nodeId: undefined }, "(field nodeId)"],
    ["an unknown network", { ...identity, network: "TEST" }, "(field network)"],
    ["an unknown field", { ...identity, more: 1 }, "is not a node identity"],
    ["no pinned key", { ...identity, signingKeys: [] }, "(field signingKeys)"],
    [
      "a key under another's name",
      { ...identity, signingKeys: [{ ...identity.signingKeys[0], keyId: "0000000000000000" }] },
      "names key",
    ],
    ["a control plane without TLS", { ...identity, controlPlaneUrl: "http://127.0.0.1:7301" }, "not an https URL"],
    ["one of several without TLS", { ...identity, controlPlaneUrls: ["http://127.0.0.1:7302"] }, "not an https URL"],
    ["no URL", { ...identity, controlPlaneUrl: "7301" }, "not an https URL"],
    ["another's key", { ...identity, privateKey: stranger.privateKey }, "is not one of node staging-edge"],
    ["another's certificate", { ...identity, certificate: stranger.certificate }, "is not one of node staging-edge"],
    ["another name than its certificate's", { ...identity, nodeId: "other" }, "is not one of node other"],
    ["another network than its certificate's", { ...identity, network: "PRODUCTION" }, "is not one of node"],
    ["what is no key", { ...identity, privateKey: "secret" }, "is not one of node"],
    ["a file that is too large", " ".repeat(70_000), "larger than"],
  ])("refuses %s and never quotes the key", (_name, content, words) => {
    const read = () => readIdentity(fileWith(content));
    expect(read).toThrow(StartError);
    expect(read).toThrow(words);
    expect(read).not.toThrow(/secret|PRIVATE KEY/);
  });

  test("says that the file does not exist", () => {
    expect(() => readIdentity(join(temporaryDirectory(), "none"))).toThrow("does not exist");
  });
});

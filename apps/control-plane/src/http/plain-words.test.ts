import { gzipSync } from "node:zlib";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => (plane = await ControlPlaneHarness.start()));
afterAll(() => plane.remove());

const certificatePem = testPki().root("Plain Root").pem;

describe("what does not fit is said in words that need no knowledge of the program", () => {
  test.each([
    [{}, "/certificates", "It is missing; it has to be an array."],
    [
      { certificates: [{ certificatePem, description: "" }] },
      "/certificates/0/description",
      "It has to have at least 1 character.",
    ],
    [{ certificates: "x" }, "/certificates", "It has to be an array, and is a string."],
    [{ certificates: [] }, "/certificates", "It has to have at least 1 item."],
    [
      { certificates: [{ certificatePem: 7 }] },
      "/certificates/0/certificatePem",
      "It has to be a string, and is a number.",
    ],
    [{ certificates: [{ certificatePem }], colour: "red" }, "/colour", 'Unknown field "colour".'],
  ])("%j", async (body, pointer, message) => {
    const problem = problemOf(await plane.ask("POST", "/certificates/validate", { body }));
    expect([problem.pointer, problem.contextInfo?.["message"]]).toEqual([pointer, message]);
    expect(problem.detail).toContain(message);
  });

  describe("names and numbers that do not fit are told what they may be", () => {
    const password = "a long pass phrase";
    const bound = (caSetId: string) => ({ hostnames: ["a.example"], clientAuthentication: { caSetId } });
    const compared = (caSetId: string) => ({ certificates: [{ certificatePem }], against: { caSetId, version: 1 } });
    test.each([
      ["/tokens", "1 to 64 letters", { name: "", role: "viewer" }],
      ["/tokens", "It has to be 1 or more.", { name: "ci", role: "viewer", expiresInDays: 0 }],
      ["/tokens", "It has to be 3650 or less.", { name: "ci", role: "viewer", expiresInDays: 4000 }],
      ["/tokens", "It has to be a whole number, and is a number.", { name: "ci", role: "viewer", expiresInDays: 1.5 }],
      ["/users", "2 to 64 of", { name: "b b", role: "viewer", password }],
      ["/users", "the name of a token", { name: "token-1", role: "viewer", password }],
      ["/edge-nodes/join-tokens", "1 to 63 of a-z", { network: "STAGING", engine: "nginx", nodeId: "A" }],
      ["/edge-certificates", "the id of a CA set", bound("9999999999")],
      ["/certificates/validate", "the id of a CA set", compared("0")],
    ])("POST %s: %s", async (path, words, body) => {
      const answer = await plane.ask("POST", path, { body });
      expect([...refusal(answer), problemOf(answer).detail]).toEqual([
        400,
        "json-schema-validation-error",
        expect.stringContaining(words),
      ]);
    });
  });

  describe("a body that is not decoded is refused with what to do", () => {
    async function refused(raw: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
      const sent = { raw, headers: { "content-type": "application/json", ...headers } };
      const answer = await plane.ask("POST", "/ca-sets", sent);
      return [...refusal(answer), problemOf(answer).detail];
    }

    test("bytes that are no UTF-8 are not stored as something else", async () => {
      const latin1 = Buffer.from('{"caSetName":"latin-1","description":"caf\xe9"}', "latin1");
      expect(await refused(latin1)).toEqual([400, "invalid-json", expect.stringContaining("Send it in UTF-8")]);
    });

    test("a member that is there twice is not decided by its place", async () => {
      const twice = '{"caSetName":"first","caSetName":"second"}';
      expect(await refused(twice)).toEqual([400, "invalid-json", expect.stringContaining('"caSetName" twice')]);
    });

    test.each(["gzip", "br", "identity, gzip"])("Content-Encoding: %s is named", async (coding) => {
      const compressed = gzipSync('{"caSetName":"compressed"}');
      const detail: unknown = expect.stringContaining("without Content-Encoding");
      expect(await refused(compressed, { "content-encoding": coding })).toEqual([
        415,
        "media-type-not-supported",
        detail,
      ]);
    });

    test("Content-Encoding: identity is nothing", async () => {
      const headers = { "content-type": "application/json", "content-encoding": "identity" };
      const answer = await plane.ask("POST", "/ca-sets", { raw: '{"caSetName":"identity"}', headers });
      expect(answer.status).toBe(201);
    });

    test("a byte order mark is no part of the text", async () => {
      const headers = { "content-type": "application/json" };
      const answer = await plane.ask("POST", "/ca-sets", { raw: '\ufeff{"caSetName":"marked"}', headers });
      expect(answer.status).toBe(201);
    });
  });

  describe("a query parameter that does not fit is told what it may be", () => {
    test.each([
      ["/ca-sets?activatedOn=staging", 'has to be one of "INACTIVE", "STAGING"'],
      ["/ca-sets?activatedOn=STAGING&activatedOn=PRODUCTION", "is given more than once"],
      ["/ca-sets?caSetStatus=deleted", "NOT_DELETED, DELETING, DELETED, with commas"],
      ["/ca-sets?caSetNamePrefix=a/b", "has to be 1 to 64 of"],
      ["/ca-sets/1/associations?associationType=both", 'has to be one of "enrollments", "properties"'],
      ["/ca-sets/1/versions/1/diff?against=x", "has to be a whole number from 1 to 2147483647"],
      ["/ca-sets/1/versions/1/diff?against=2147483648", "has to be a whole number from 1 to 2147483647"],
      ["/ca-sets/1/versions?caSetVersionStatus=DELETING", "has to be NOT_DELETED, DELETED or both"],
      ["/audit?limit=1001", "has to be a whole number from 1 to 1000"],
    ])("GET %s", async (path, words) => {
      const answer = await plane.ask("GET", path);
      expect([...refusal(answer), problemOf(answer).detail]).toEqual([
        400,
        "invalid-field",
        expect.stringContaining(words),
      ]);
    });

    test("and a number in the path", async () => {
      const answer = await plane.ask("GET", "/ca-sets/none");
      expect(problemOf(answer).detail).toBe("caSetId in the path has to be a whole number from 1 to 2147483647.");
    });
  });
});

import { caSet, caSetList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

let harness: ControlPlaneHarness;
beforeAll(async () => {
  harness = await ControlPlaneHarness.start();
  await harness.connectLocalNodes();
});
afterAll(() => harness.remove());

const root = testPki().root("Partner Root");

describe("POST /ca-sets", () => {
  test("creates a set and answers all of it", async () => {
    const body = { caSetName: "partners-eu", description: "Partners in the EU" };
    const answer = await harness.ask("POST", "/ca-sets", { body });
    const { caSetId } = expectStatus(answer, 201, caSet.strict());
    const link = `/mtls-edge-truststore/v2/ca-sets/${caSetId}`;
    expect(caSetId).toMatch(/^[1-9]\d*$/);
    expect(answer.headers.location).toBe(link);
    expect(answer.body).toEqual({
      accountId: "A-TCM",
      caSetId,
      caSetLink: link,
      caSetName: "partners-eu",
      caSetStatus: "NOT_DELETED",
      description: "Partners in the EU",
      latestVersion: null,
      latestVersionLink: null,
      stagingVersion: null,
      stagingVersionLink: null,
      productionVersion: null,
      productionVersionLink: null,
      versionsLink: `${link}/versions/`,
      createdDate: "2026-06-01T00:00:00.000000Z",
      createdBy: "token-1",
      deletedDate: null,
      deletedBy: null,
      removalDate: null,
      caSetNameIsEditable: true,
    });
    expect((await harness.ask("GET", `/ca-sets/${caSetId}`)).body).toEqual(answer.body);
  });

  test.each([{}, { description: null }])("a missing description is null: %j", async (more) => {
    const answer = await harness.ask("POST", "/ca-sets", { body: { caSetName: harness.newName(), ...more } });
    expect(answer.body).toMatchObject({ description: null });
  });

  test.each(["abc", "A-z_0.9%", "a".repeat(64), "..a..", "%%%"])("takes the name %j", async (caSetName) => {
    expect((await harness.ask("POST", "/ca-sets", { body: { caSetName } })).status).toBe(201);
  });

  test.each([
    "",
    "ab",
    "a".repeat(65),
    "with space",
    "slash/",
    "a...b",
    "....",
    "ümlaut",
    "line\nbreak",
    "nul\0nul",
    "a".repeat(100_000),
  ])("refuses the name %j", async (caSetName) => {
    const answer = await harness.ask("POST", "/ca-sets", { body: { caSetName } });
    expect(refusal(answer)).toEqual([400, "ca-set-name-validation-failure"]);
    expect(problemOf(answer)).toMatchObject({
      pointer: "/caSetName",
      contextInfo: { parameterName: "caSetName", invalidParameterValue: caSetName.slice(0, 100) },
    });
  });

  test("refuses a name in use, and says whose", async () => {
    const { caSetName } = await harness.createSet();
    const answer = await harness.ask("POST", "/ca-sets", { body: { caSetName } });
    expect(refusal(answer)).toEqual([409, "ca-set-name-is-not-unique"]);
    const { contextInfo, errors, instance } = problemOf(answer);
    expect(contextInfo).toEqual({ accountId: "A-TCM", caSetName });
    expect(errors).toMatchObject([
      { type: "/mtls-edge-truststore/error-types/ca-set-name-is-not-unique", pointer: "/caSetName" },
    ]);
    expect(instance).toMatch(/^\/mtls-edge-truststore\/error-types\/ca-set-name-is-not-unique\/[0-9a-f]{16}$/);
  });

  test("of many at once with one name, one is created", async () => {
    const body = { caSetName: harness.newName() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => harness.ask("POST", "/ca-sets", { body })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ]);
  });

  test.each([
    ["an empty description", { caSetName: "abc-1", description: "" }, "/description"],
    ["a long description", { caSetName: "abc-1", description: "d".repeat(256) }, "/description"],
    ["a description of another type", { caSetName: "abc-1", description: 1 }, "/description"],
    ["an unknown field", { caSetName: "abc-1", comments: "x" }, "/comments"],
    ["a missing name", { description: "x" }, "/caSetName"],
    ["a name of another type", { caSetName: ["abc"] }, "/caSetName"],
    ["a list", [{ caSetName: "abc-1" }], ""],
    ["null", null, ""],
    ["a text", "abc", ""],
    ["a field whose name needs escaping", { caSetName: "abc-1", "a/b~c": 1 }, "/a~1b~0c"],
  ])("refuses %s and points at it", async (_what, body, pointer) => {
    const answer = await harness.ask("POST", "/ca-sets", { raw: JSON.stringify(body), headers: jsonBody });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
    expect(problemOf(answer)).toMatchObject({ pointer, contextInfo: { message: expect.any(String) } });
  });

  test.each([
    "{",
    "{'a':1}",
    "[1,]",
    '{"caSetName":"abc"} x',
    "\u0000",
    '{"__proto__":{"a":1},"caSetName":"proto-1"}',
  ])("refuses what is no JSON: %j", async (raw) => {
    const answer = await harness.ask("POST", "/ca-sets", { raw, headers: jsonBody });
    expect(refusal(answer)).toEqual([400, "invalid-json"]);
  });

  test.each([undefined, "application/json"])("refuses an empty body of type %s", async (type) => {
    const answer = await harness.ask("POST", "/ca-sets", { headers: { "content-type": type } });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
  });

  test("a refused set leaves nothing behind", async () => {
    const before = (await harness.get(caSetList, "/ca-sets")).caSets.length;
    await harness.ask("POST", "/ca-sets", { body: { caSetName: "..." } });
    await harness.ask("POST", "/ca-sets", { body: { caSetName: "abc-2", description: "" } });
    expect((await harness.get(caSetList, "/ca-sets")).caSets).toHaveLength(before);
  });
});

const jsonBody = { "content-type": "application/json" };

describe("limits of a body hold before anything is parsed", () => {
  const tooMuch = 8 * 1024 * 1024 + 1;

  test("a declared length over the limit is refused", async () => {
    const answer = await harness.ask("POST", "/ca-sets", { raw: Buffer.alloc(tooMuch, "{"), headers: jsonBody });
    expect(refusal(answer)).toEqual([413, "payload-too-large"]);
  });

  test("a length that is not declared is counted", async () => {
    const headers = { ...jsonBody, "content-length": undefined, "transfer-encoding": "chunked" };
    const answer = await harness.ask("POST", "/ca-sets", { raw: Buffer.alloc(tooMuch, "{"), headers });
    expect(refusal(answer)).toEqual([413, "payload-too-large"]);
  });

  test("who may not write learns nothing of limits", async () => {
    const raw = Buffer.alloc(tooMuch, "{");
    const answer = await harness.ask("POST", "/ca-sets", { raw, token: harness.viewer, headers: jsonBody });
    expect(refusal(answer)).toEqual([403, "forbidden"]);
  });

  test("a body of more values than any valid one is refused before they are decoded", async () => {
    const raw = JSON.stringify({ caSetName: "many-values", more: Array(20_000).fill(0) });
    const answer = await harness.ask("POST", "/ca-sets", { raw, headers: jsonBody });
    expect(refusal(answer)).toEqual([400, "invalid-json"]);
    expect(answer.text).toContain("more values than any valid one");
  });

  test("JSON nested without end is refused and not run into", async () => {
    const raw = `{"caSetName":${"[".repeat(1_000_000)}`;
    expect(refusal(await harness.ask("POST", "/ca-sets", { raw, headers: jsonBody }))).toEqual([400, "invalid-json"]);
    const closed = `{"caSetName":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    expect(refusal(await harness.ask("POST", "/ca-sets", { raw: closed, headers: jsonBody }))[0]).toBe(400);
  });
});

describe("GET /ca-sets/{id}", () => {
  test.each([
    ["999999", 404, "ca-set-not-found", { caSetId: "999999" }],
    ["abc", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["0", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["-1", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["1.5", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["01", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["2147483648", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
    ["99999999999999999999", 400, "path-variable-query-param-type-mismatch", { parameterName: "caSetId" }],
  ])("%s answers %i %s", async (id, status, slug, contextInfo) => {
    const answer = await harness.ask("GET", `/ca-sets/${id}`);
    expect(refusal(answer)).toEqual([status, slug]);
    expect(problemOf(answer).contextInfo).toEqual(contextInfo);
  });

  test("tells unknown query parameters from those that it takes", async () => {
    const answer = await harness.ask("GET", "/ca-sets/1?foo=1&accountSwitchKey=A-TCM&bar");
    expect(refusal(answer)).toEqual([400, "unknown-query-parameters"]);
    expect(problemOf(answer).contextInfo).toEqual({
      allowedQueryParameters: ["accountSwitchKey"],
      parameters: ["foo", "bar"],
    });
  });
});

describe("GET /ca-sets", () => {
  test("lists those changed last first", async () => {
    const names: string[] = [];
    for (let i = 0; i < 3; i++) {
      harness.clock.advance(1_000);
      names.unshift((await harness.createSet()).caSetName);
    }
    const { caSets } = await harness.get(caSetList, "/ca-sets");
    expect(caSets.slice(0, 3).map(({ caSetName }) => caSetName)).toEqual(names);
    harness.clock.advance(1_000);
    await harness.createVersion([root], {}, caSets[2]?.caSetId);
    const again = await harness.get(caSetList, "/ca-sets");
    expect(again.caSets[0]).toMatchObject({ caSetName: names[2], latestVersion: 1 });
  });

  test("filters by the start of the name, which is no pattern", async () => {
    for (const name of ["px.a", "pxya", "px%a", "PX.a"]) await harness.createSet(name);
    const found = await harness.get(caSetList, "/ca-sets?caSetNamePrefix=px.");
    expect(found.caSets.map(({ caSetName }) => caSetName)).toEqual(["px.a"]);
    const percent = await harness.get(caSetList, "/ca-sets?caSetNamePrefix=px%25");
    expect(percent.caSets.map(({ caSetName }) => caSetName)).toEqual(["px%a"]);
  });

  test("filters by where a version is active", async () => {
    const [none, staging, production, both] = [
      await harness.createVersion([root]),
      await harness.createVersion([root]),
      await harness.createVersion([root]),
      await harness.createVersion([root]),
    ];
    await harness.ended(await harness.activate(staging, 1, "STAGING"));
    await harness.ended(await harness.activate(production, 1, "PRODUCTION"));
    await harness.activateOnBoth(both);
    const on = async (value: string) => {
      const { caSets } = await harness.get(caSetList, `/ca-sets?activatedOn=${value}`);
      return caSets.map(({ caSetId }) => caSetId).sort();
    };
    expect(await on("STAGING")).toEqual([staging, both]);
    expect(await on("PRODUCTION")).toEqual([production, both]);
    for (const and of ["STAGING%2BPRODUCTION", "PRODUCTION%2BSTAGING", "STAGING+PRODUCTION", "PRODUCTION+STAGING"])
      expect(await on(and), and).toEqual([both]);
    for (const or of ["STAGING,PRODUCTION", "PRODUCTION%2CSTAGING"])
      expect(await on(or), or).toEqual([staging, production, both]);
    expect(await on("INACTIVE")).toContain(none);
    expect(await on("INACTIVE")).not.toContain(staging);
    const view = await harness.get(caSet, `/ca-sets/${both}`);
    const link = `${view.caSetLink}/versions/1`;
    expect(view).toMatchObject({
      stagingVersion: 1,
      stagingVersionLink: link,
      productionVersion: 1,
      productionVersionLink: link,
      latestVersion: 1,
      latestVersionLink: link,
    });
  });

  test("filters by status, and none is deleted yet", async () => {
    expect((await harness.get(caSetList, "/ca-sets?caSetStatus=DELETED,DELETING")).caSets).toEqual([]);
    const all = await harness.get(caSetList, "/ca-sets?caSetStatus=NOT_DELETED%2CDELETING%2CDELETED");
    expect(all).toEqual(await harness.get(caSetList, "/ca-sets"));
  });

  test.each([
    ["activatedOn", "EVERYWHERE"],
    ["activatedOn", "toString"],
    ["activatedOn", "STAGING+STAGING"],
    ["activatedOn", ""],
    ["caSetStatus", "GONE"],
    ["caSetStatus", "NOT_DELETED,"],
    ["caSetNamePrefix", "a b"],
    ["caSetNamePrefix", "a".repeat(65)],
  ])("refuses %s=%s", async (name, value) => {
    const answer = await harness.ask("GET", `/ca-sets?${name}=${encodeURIComponent(value)}`);
    expect(refusal(answer)).toEqual([400, "invalid-field"]);
    expect(problemOf(answer).contextInfo).toEqual({ parameterName: name, invalidParameterValue: value });
    expect(problemOf(answer).errors).toMatchObject([{ pointer: `/${name}` }]);
  });

  test("refuses a parameter given twice", async () => {
    const answer = await harness.ask("GET", "/ca-sets?caSetNamePrefix=a&caSetNamePrefix=b");
    expect(refusal(answer)).toEqual([400, "invalid-field"]);
  });

  test("names its parameters to who uses another", async () => {
    expect(problemOf(await harness.ask("GET", "/ca-sets?page=2")).contextInfo).toEqual({
      allowedQueryParameters: ["accountSwitchKey", "caSetNamePrefix", "activatedOn", "caSetStatus"],
      parameters: ["page"],
    });
  });

  test("passes over a body on a read, which the Go client sends", async () => {
    const answer = await harness.ask("GET", "/ca-sets", { body: { ignored: true } });
    expect(answer.status).toBe(200);
  });
});

describe("PATCH /ca-sets/{id}: the name is editable until the first deployment", () => {
  test("renames, also to the same name", async () => {
    const { caSetId, caSetName } = await harness.createSet();
    const renamed = await harness.ask("PATCH", `/ca-sets/${caSetId}`, { body: { caSetName: `${caSetName}-b` } });
    expect(expectStatus(renamed, 200, caSet.strict())).toMatchObject({ caSetName: `${caSetName}-b`, caSetId });
    const again = await harness.ask("PATCH", `/ca-sets/${caSetId}`, { body: { caSetName: `${caSetName}-b` } });
    expect(again.status).toBe(200);
    // The old name is free again.
    await harness.createSet(caSetName);
  });

  test("refuses a name that another set has, a bad one, and an unknown set", async () => {
    const [one, two] = [await harness.createSet(), await harness.createSet()];
    const to = (caSetName: string, id = one.caSetId) => harness.ask("PATCH", `/ca-sets/${id}`, { body: { caSetName } });
    expect(refusal(await to(two.caSetName))).toEqual([409, "ca-set-name-is-not-unique"]);
    expect(refusal(await to("a...b"))).toEqual([400, "ca-set-name-validation-failure"]);
    expect(refusal(await to("free-name", "99999"))).toEqual([404, "ca-set-not-found"]);
    expect(await harness.get(caSet, `/ca-sets/${one.caSetId}`)).toEqual(one);
  });

  test("is refused once a version was deployed anywhere, also after it was taken off again", async () => {
    const id = await harness.createVersion([root]);
    await harness.ended(await harness.activate(id, 1, "STAGING"));
    const rename = () => harness.ask("PATCH", `/ca-sets/${id}`, { body: { caSetName: "too-late" } });
    expect(refusal(await rename())).toEqual([409, "ca-set-name-is-frozen"]);
    const body = { network: "STAGING" };
    const off = await harness.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body });
    expect(off.status).toBe(202);
    const answer = await rename();
    const { caSetName, caSetNameIsEditable } = await harness.get(caSet, `/ca-sets/${id}`);
    expect(problemOf(answer).contextInfo).toEqual({ caSetId: id, caSetName });
    expect(caSetNameIsEditable).toBe(false);
  });
});

describe("PATCH /ca-sets/{id}: the description changes at any time", () => {
  test("alone, beside a name, and to none; a frozen name is no hindrance", async () => {
    const { caSetId, caSetName } = await harness.createSet();
    const change = (body: object, id = caSetId) => harness.ask("PATCH", `/ca-sets/${id}`, { body });
    const seen = async (answer: ReturnType<typeof change>) => expectStatus(await answer, 200, caSet.strict());
    expect(await seen(change({ description: "ours" }))).toMatchObject({ caSetName, description: "ours" });
    expect(await seen(change({ caSetName: `${caSetName}-c` }))).toMatchObject({ description: "ours" });
    expect(await seen(change({ caSetName, description: null }))).toMatchObject({ caSetName, description: null });
    const deployed = await harness.createVersion([root]);
    await harness.ended(await harness.activate(deployed, 1, "STAGING"));
    const { caSetName: frozen } = await seen(change({ description: "in use" }, deployed));
    // Back comes what was read, the name with it.
    const whole = { caSetName: frozen, description: "still in use" };
    expect(await seen(change(whole, deployed))).toMatchObject(whole);
  });

  test.each([
    [{}],
    [{ description: "" }],
    [{ description: 7 }],
    [{ description: "x".repeat(256) }],
  ])("refuses %j", async (body) => {
    const { caSetId } = await harness.createSet();
    const answer = await harness.ask("PATCH", `/ca-sets/${caSetId}`, { body });
    expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
  });
});

describe("the account holds a limited number of sets", () => {
  test("refuses the 201st, also when many are asked for at once", async () => {
    const { caSets } = await harness.get(caSetList, "/ca-sets");
    const missing = 200 - caSets.length;
    const answers = await Promise.all(
      Array.from({ length: missing + 3 }, () =>
        harness.ask("POST", "/ca-sets", { body: { caSetName: harness.newName() } }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map(refusal)).toEqual(Array.from({ length: 3 }, () => [422, "ca-set-limit-reached"]));
    expect(refused.map((answer) => problemOf(answer).contextInfo)).toContainEqual({
      accountId: "A-TCM",
      currentSetCount: 200,
      limit: 200,
    });
  });
});

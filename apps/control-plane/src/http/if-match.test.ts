import { activation, activationList, caSet, type CaSetView, version, versionList } from "@tcm/api-contract";
import { networks } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, problemOf, refusal } from "../testing/api-client.ts";
import { certificateList, ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

const pki = testPki();
const seen = pki.root("Seen Root");
const slippedIn = pki.root("Slipped In Root");

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

type Draft = { readonly caSetId: string; readonly path: string; readonly etag: string };

/** A version that somebody has looked at, and its tag as they got it. */
async function reviewed(): Promise<Draft> {
  const caSetId = await plane.createVersion([seen]);
  const path = `/ca-sets/${caSetId}/versions/1`;
  return { caSetId, path, etag: (await plane.ask("GET", path)).headers.etag ?? "" };
}

function edit({ path }: Draft, body: object = { certificates: certificateList([seen, slippedIn]) }): Promise<Answer> {
  return plane.ask("PUT", path, { body });
}

function activate({ path }: Draft, ifMatch: string | undefined, network = "STAGING"): Promise<Answer> {
  const headers = ifMatch === undefined ? {} : { "if-match": ifMatch };
  return plane.ask("POST", `${path}/activate`, { body: { network }, headers });
}

async function stateOf({ caSetId }: Draft): Promise<CaSetView> {
  return plane.get(caSet, `/ca-sets/${caSetId}`);
}

describe("POST …/activate under If-Match", () => {
  test("deploys nothing that was edited after it was looked at, and what is there now with its new tag", async () => {
    const draft = await reviewed();
    const edited = await edit(draft);
    const refused = await activate(draft, draft.etag);
    expect(refusal(refused)).toEqual([412, "precondition-failed"]);
    expect(problemOf(refused).contextInfo).toMatchObject({ caSetId: draft.caSetId, version: 1 });
    expect(await plane.get(activationList, `${draft.path}/activations`)).toEqual({ activations: [] });
    // It is still a draft: refusing to deploy does not lock it.
    expect((await edit(draft, { certificates: certificateList([seen]) })).status).toBe(200);
    expect(refusal(await activate(draft, edited.headers.etag))).toEqual([412, "precondition-failed"]);
    const { etag } = (await plane.ask("GET", draft.path)).headers;
    await plane.ended(expectStatus(await activate(draft, etag), 202, activation));
    expect(await stateOf(draft)).toMatchObject({ stagingVersion: 1 });
  });

  test("a new description is an edit too", async () => {
    const draft = await reviewed();
    await edit(draft, { certificates: certificateList([seen]), description: "not what was approved" });
    expect(refusal(await activate(draft, draft.etag))).toEqual([412, "precondition-failed"]);
  });

  test("one tag goes for both networks: deploying does not change the version", async () => {
    const draft = await reviewed();
    for (const network of networks)
      await plane.ended(expectStatus(await activate(draft, draft.etag, network), 202, activation));
    expect((await plane.ask("GET", draft.path)).headers.etag).toBe(draft.etag);
  });

  test("an edit and a deployment of the same reading never both go through", async () => {
    for (let round = 0; round < 4; round++) {
      const draft = await reviewed();
      const body = { certificates: certificateList([seen, slippedIn]) };
      const put = () => plane.ask("PUT", draft.path, { body, headers: { "if-match": draft.etag } });
      const deploy = () => activate(draft, draft.etag);
      const answers = await Promise.all(round % 2 === 0 ? [put(), deploy()] : [deploy(), put()]);
      const [edited, deployed] = round % 2 === 0 ? answers : answers.toReversed();
      expect([edited?.status, deployed?.status]).toSatisfy(
        ([one, other]) => (one === 200 && other === 412) || (one === 422 && other === 202),
      );
      const { certificates } = await plane.get(version, draft.path);
      expect(certificates).toHaveLength(edited?.status === 200 ? 2 : 1);
    }
  });

  test.each([
    ["what there is, whatever it is", () => "*"],
    ["a list with the tag", ({ etag }: Draft) => `"v1-2020", ${etag} ,"v9"`],
    ["no tag at all, as mETS clients send it", () => undefined],
  ])("goes on with %s", async (_what, ifMatch) => {
    const draft = await reviewed();
    expect((await activate(draft, ifMatch(draft))).status).toBe(202);
  });

  test.each([
    ["the tag as a weak one", ({ etag }: Draft) => `W/${etag}`],
    ["the tag without its quotes", ({ etag }: Draft) => etag.slice(1, -1)],
    ["nothing", () => ""],
    ["the tag of another version", ({ etag }: Draft) => etag.replace("v1", "v2")],
  ])("refuses %s", async (_what, ifMatch) => {
    const draft = await reviewed();
    expect(refusal(await activate(draft, ifMatch(draft)))).toEqual([412, "precondition-failed"]);
    expect(await stateOf(draft)).toMatchObject({ stagingVersion: null });
  });

  test("what would be refused anyway is refused for its own reason", async () => {
    const draft = await reviewed();
    await plane.ended(expectStatus(await activate(draft, draft.etag), 202, activation));
    expect(refusal(await activate(draft, '"v1-old"'))).toEqual([409, "ca-set-version-already-active-on-network"]);
    const other = await plane.ask("POST", `/ca-sets/${draft.caSetId}/versions/7/activate`, {
      body: { network: "STAGING" },
      headers: { "if-match": draft.etag },
    });
    expect(refusal(other)).toEqual([404, "ca-set-version-not-found"]);
  });
});

describe("what else is done with a version that was read", () => {
  test.each([
    ["cloning", "POST", "/clone", 201],
    ["deleting", "DELETE", "", 204],
  ] as const)("%s it is refused once somebody has edited it, and done with the tag of now", async (_what, method, below, done) => {
    const draft = await reviewed();
    const { etag = "" } = (await edit(draft)).headers;
    const act = (tag: string) => plane.ask(method, draft.path + below, { headers: { "if-match": tag } });
    expect(refusal(await act(draft.etag))).toEqual([412, "precondition-failed"]);
    const { versions } = await plane.get(versionList, `/ca-sets/${draft.caSetId}/versions`);
    expect(versions.map((one) => one.version)).toEqual([1]);
    expect((await act(etag)).status).toBe(done);
  });
});

describe("the OpenAPI document", () => {
  test("names If-Match wherever 412 may be answered, and nowhere else", async () => {
    const { paths } = (await plane.ask("GET", "//openapi.json")).body as { readonly paths: Paths };
    const operations = Object.values(paths).flatMap((byMethod) => Object.values(byMethod));
    const guarded = operations.filter(({ responses }) => "412" in responses);
    const named = operations.filter(({ parameters }) => parameters.some(({ name }) => name === "If-Match"));
    expect(guarded.length).toBeGreaterThan(6);
    expect(named.map(({ operationId }) => operationId)).toEqual(guarded.map(({ operationId }) => operationId));
  });
});

type Operation = {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
};
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

import { auditPage, edgeCertificate, type EdgeCertificateView } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, problemOf, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
let caSetId: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
  caSetId = await plane.createVersion([testPki().root("Opening Root")]);
  await plane.activateOnBoth(caSetId);
});
afterAll(() => plane.remove());

const create = (hostnames: readonly string[], mode: string, query = "") =>
  plane.ask("POST", `/edge-certificates${query}`, { body: { hostnames, clientAuthentication: { caSetId, mode } } });
const bound = async (hostnames: readonly string[], mode = "deny"): Promise<EdgeCertificateView> =>
  expectStatus(await create(hostnames, mode, "?confirm=true"), 201, edgeCertificate);
const path = ({ edgeCertificateId }: EdgeCertificateView, query = ""): string =>
  `/edge-certificates/${edgeCertificateId}${query}`;
const openingsOf = (answer: Answer): unknown => {
  expect(refusal(answer)).toEqual([409, "confirmation-required"]);
  return problemOf(answer).contextInfo;
};
const opens = (...openings: readonly object[]) => ({
  parameterName: "confirm",
  openings,
  openingCount: openings.length,
});
const newestOpening = async () => (await plane.get(auditPage, "/audit?action=OPEN_TRUST&limit=1")).records[0];

describe("what guards less than before is done only when it is confirmed (spec section 6)", () => {
  test("an edge certificate that only observes from the start", async () => {
    expect(openingsOf(await create(["new.open.example"], "observe"))).toEqual(
      opens({ hostname: "new.open.example", effect: "observed" }),
    );
    expect((await create(["new.open.example"], "observe", "?confirm=false")).status).toBe(409);
    expect((await create(["new.open.example"], "observe", "?confirm=true")).status).toBe(201);
  });

  test("deny that becomes observe, and a hostname more for one that observes", async () => {
    const view = await bound(["mode.open.example"]);
    const observe = { clientAuthentication: { mode: "observe" } };
    expect(openingsOf(await plane.ask("PATCH", path(view), { body: observe }))).toEqual(
      opens({ hostname: "mode.open.example", effect: "observed" }),
    );
    expect(expectStatus(await plane.ask("GET", path(view)), 200, edgeCertificate)).toEqual({
      ...view,
      staging: expect.anything() as unknown,
      production: expect.anything() as unknown,
    });
    expect((await plane.ask("PATCH", path(view, "?confirm=true"), { body: observe })).status).toBe(200);
    const more = { hostnames: ["mode.open.example", "more.open.example"] };
    expect(openingsOf(await plane.ask("PATCH", path(view), { body: more }))).toEqual(
      opens({ hostname: "more.open.example", effect: "observed" }),
    );
  });

  test("a hostname that is unbound, with its edge certificate or alone", async () => {
    const view = await bound(["a.unbound.example", "b.unbound.example"]);
    const fewer = { hostnames: ["a.unbound.example"] };
    expect(openingsOf(await plane.ask("PATCH", path(view), { body: fewer }))).toEqual(
      opens({ hostname: "b.unbound.example", effect: "unbound" }),
    );
    expect(openingsOf(await plane.ask("DELETE", path(view)))).toEqual(
      opens({ hostname: "a.unbound.example", effect: "unbound" }, { hostname: "b.unbound.example", effect: "unbound" }),
    );
    expect((await plane.ask("GET", path(view))).status).toBe(200);
    expect((await plane.ask("DELETE", path(view, "?confirm=true"))).status).toBe(204);
  });

  test("an exact hostname whose wildcard belongs to another one that observes: it falls open", async () => {
    const wildcard = await bound(["*.fall.example"], "observe");
    const exact = await bound(["pay.fall.example"]);
    const { edgeCertificateId } = wildcard;
    const falls = opens({ hostname: "pay.fall.example", effect: "observed", edgeCertificateId });
    const answer = await plane.ask("DELETE", path(exact));
    expect(openingsOf(answer)).toEqual(falls);
    expect(problemOf(answer).detail).toContain(`by the wildcard of edge certificate ${edgeCertificateId}`);
    const moved = { hostnames: ["pay.elsewhere.example"] };
    expect(openingsOf(await plane.ask("PATCH", path(exact), { body: moved }))).toEqual(falls);
  });

  test("what guards as much or more is not asked about", async () => {
    const view = await bound(["*.more.example", "x.more.example"], "observe");
    const changes = [
      { clientAuthentication: { mode: "deny" } },
      { clientAuthentication: { sendCaListToClient: true } },
      { hostnames: ["*.more.example", "y.more.example"] },
      { hostnames: ["*.more.example", "shop.more2.example"] },
    ];
    for (const body of changes) expect((await plane.ask("PATCH", path(view), { body })).status).toBe(200);
  });

  test("at most twenty are named, and all are counted", async () => {
    const view = await bound(Array.from({ length: 30 }, (_, i) => `h${i}.many.example`));
    const answer = await plane.ask("DELETE", path(view));
    const { openings, openingCount } = problemOf(answer).contextInfo as { openings: object[]; openingCount: number };
    expect([openings.length, openingCount]).toEqual([20, 30]);
    expect(problemOf(answer).detail).toContain("and 10 more");
  });

  test("two say it at once about one state: the second finds another one", async () => {
    const view = await bound(["race.open.example"]);
    const ask = () => plane.ask("DELETE", path(view, "?confirm=true"));
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
  });

  test.each(["yes", "1", "", "TRUE"])("confirm=%s confirms nothing", async (value) => {
    const view = await bound([`value${value.length}${value === "1" ? "n" : ""}.open.example`]);
    const answer = await plane.ask("DELETE", path(view, `?confirm=${value}`));
    expect(refusal(answer)).toEqual([400, "invalid-field"]);
    expect((await plane.ask("GET", path(view))).status).toBe(200);
  });
});

describe("what was confirmed raises an alarm", () => {
  test("on the audit record, in the events, the log and the metrics; a refusal is a refused deployment there", async () => {
    const view = await bound(["alarm.open.example"]);
    const count = async (): Promise<number> => {
      const { text } = await plane.ask("GET", "//metrics", { token: null });
      return Number(/^tcm_trust_openings_total\{effect="unbound"\} (\d+)$/m.exec(text)?.[1]);
    };
    const before = await count();
    const refused = await plane.ask("DELETE", path(view));
    const [latest] = (await plane.get(auditPage, "/audit?limit=1")).records;
    expect(latest).toMatchObject({ action: "REFUSE_DEPLOYMENT", outcome: "confirmation-required" });
    expect(latest?.requestId).toBe(problemOf(refused).instance.split("/").at(-1));
    expect(await count()).toBe(before);
    const done = await plane.ask("DELETE", path(view, "?confirm=true"));
    expect(done.status).toBe(204);
    const openings = [{ hostname: "alarm.open.example", effect: "unbound" }];
    const { edgeCertificateId, edgeCertificateLink } = view;
    expect(await newestOpening()).toMatchObject({
      by: "token-1",
      outcome: "done",
      subject: { edgeCertificateId, openings },
    });
    const { db } = plane.controlPlane.context.store;
    const event = await db.selectFrom("events").selectAll().where("type", "=", "alarm").orderBy("id", "desc").execute();
    expect(JSON.parse(event[0]?.data ?? "")).toEqual({
      alarm: "trust-opened",
      edgeCertificateId,
      edgeCertificateLink,
      by: "token-1",
      openings,
      openingCount: 1,
    });
    expect(await count()).toBe(before + 1);
    const line = plane.log.split("\n").findLast((text) => text.includes('"trust opened"'));
    expect(JSON.parse(line ?? "")).toMatchObject({ level: 40, edgeCertificateId, openings, by: "token-1" });
  });
});

import {
  activationList,
  caSet,
  caSetList,
  type Endpoint,
  endpoints,
  problemsOf,
  version,
  versionList,
} from "@tcm/api-contract";
import { networks, type ProblemSlug, problemCatalogue } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, problemOf, refusal } from "../testing/api-client.ts";
import { certificateList, ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import { type FakeNode, proves, rejects, staysSilent } from "../testing/fake-node.ts";

const pki = testPki();
const root = pki.root("Survival Root");
const other = pki.root("Other Survival Root");
const rfc1123 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

let plane: ControlPlaneHarness;
let nodes: readonly FakeNode[];
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  nodes = await plane.connectLocalNodes();
});
afterAll(() => plane.remove());

const setHabit = (habit: typeof proves): void => {
  for (const node of nodes) node.habit = habit;
};
const validate = (certificates: readonly object[]) =>
  plane.ask("POST", "/certificates/validate", { body: { allowInsecureSha1: false, certificates } });
const types = (items: readonly { readonly type: string }[] | undefined) =>
  (items ?? []).map(({ type }) => type.slice(type.lastIndexOf("/") + 1));

describe("what official clients need of the server (mETS reference, section 7)", () => {
  test("1. validate warns of duplicates alone, the rest is advice; every item points to /certificates/N", async () => {
    const expiring = pki.root("Expires soon", { notAfter: pki.now + 86_400 });
    const answer = await validate(certificateList([root, expiring, root]));
    const body = answer.body as {
      validation: { warnings: { type: string; pointer: string }[] };
      advisories: { type: string }[];
    };
    expect(answer.status).toBe(200);
    expect(types(body.validation.warnings)).toEqual(["duplicate-certificate"]);
    expect(body.validation.warnings[0]?.pointer).toBe("/certificates/2");
    expect(types(body.advisories)).toContain("expiring-certificate");
    const leaf = root.leaf("no CA");
    const refused = problemOf(await validate([...certificateList([root, leaf]), { certificatePem: "rubbish" }]));
    const pointers = new Set(refused.errors?.map(({ pointer }) => pointer));
    expect(pointers).toEqual(new Set(["/certificates/1", "/certificates/2"]));
    expect(refused.errors?.every(({ title }) => title.length > 0)).toBe(true);
  });

  test("2. the submitted PEM comes back unchanged", async () => {
    const texts = [`# our root\r\n${root.pem.replaceAll("\n", "\r\n")}\r\n`, other.pem.trimEnd()];
    const { caSetId } = await plane.createSet();
    const body = { certificates: texts.map((certificatePem) => ({ certificatePem })) };
    const created = await plane.ask("POST", `/ca-sets/${caSetId}/versions`, { body });
    const echoed = (answer: unknown) => version.parse(answer).certificates?.map((one) => one.certificatePem);
    expect(echoed(created.body)).toEqual(texts);
    expect(echoed((await plane.ask("GET", `/ca-sets/${caSetId}/versions/1`)).body)).toEqual(texts);
    const validated = (await validate(body.certificates)).body as { certificates: { certificatePem: string }[] };
    expect(validated.certificates.map((one) => one.certificatePem)).toEqual(texts);
  });

  test("3. PEM without line breaks is accepted", async () => {
    const certificatePem = root.pem.replace(/[\r\n]/g, "");
    expect(certificatePem).toMatch(/^-----BEGIN CERTIFICATE-----MII.*-----END CERTIFICATE-----$/);
    const answer = await validate([{ certificatePem }]);
    expect(answer.body).toMatchObject({ certificates: [{ fingerprint: root.fingerprint, certificatePem }] });
  });

  test("4. a missing description comes back as null", async () => {
    const set = await plane.createSet();
    await plane.createVersion([root], {}, set.caSetId);
    const view = await plane.get(version, `/ca-sets/${set.caSetId}/versions/1`);
    expect([set.description, view.description, view.certificates?.[0]?.description]).toEqual([null, null, null]);
    const validated = (await validate(certificateList([root]))).body;
    expect(validated).toMatchObject({ certificates: [{ description: null }] });
  });

  test("5. activations are listed newest first", async () => {
    const id = await plane.createVersion([root]);
    await plane.createVersion([other], {}, id);
    const order: number[] = [];
    for (const number of [1, 2, 1]) {
      const { activationId } = await plane.ended(await plane.activate(id, number, "STAGING"));
      order.unshift(activationId);
    }
    const ids = async (path: string) =>
      (await plane.get(activationList, path)).activations.map(({ activationId }) => activationId);
    expect(await ids(`/ca-sets/${id}/activations`)).toEqual(order);
    expect(await ids(`/ca-sets/${id}/versions/1/activations`)).toEqual([order[0], order[2]]);
  });

  test("6. Retry-After is an RFC 1123 date on both status answers under way, and no member of the JSON has its name", async () => {
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    setHabit(staysSilent);
    const off = await plane.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body: { network: "STAGING" } });
    const link = (off.body as { activationLink: string }).activationLink;
    const running = await plane.ask("GET", `/${link}`);
    expect(running.status).toBe(202);
    expect(running.headers["retry-after"]).toMatch(rfc1123);
    expect(new Date(running.headers["retry-after"] ?? "").getTime()).toBeGreaterThan(plane.clock.now());
    expect(running.text).not.toMatch(/"retryAfter"/i);
    const stopped = await plane.ask("POST", `/${link}/cancel`);
    expect(stopped.status).toBe(200);
    const ended = await plane.ask("GET", `/${link}`);
    expect([ended.status, ended.headers["retry-after"]]).toEqual([200, undefined]);
    setHabit(proves);
    for (const network of networks) {
      const body = { network };
      const again = await plane.ask("POST", `/ca-sets/${id}/versions/1/deactivate`, { body });
      await plane.ended(again.body as { activationLink: string });
    }
    setHabit(staysSilent);
    await plane.ask("DELETE", `/ca-sets/${id}`);
    const deleting = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    setHabit(proves);
    expect(deleting.status).toBe(202);
    expect(deleting.headers["retry-after"]).toMatch(rfc1123);
    expect(deleting.text).not.toMatch(/"retryAfter"/i);
  });

  test("7. a PUT of equal certificates changes the description; any activation record locks a version, also a failed one", async () => {
    const id = await plane.createVersion([root]);
    const put = (number: number, description: string) =>
      plane.ask("PUT", `/ca-sets/${id}/versions/${number}`, {
        body: { allowInsecureSha1: false, certificates: certificateList([root]), description },
      });
    expect((await put(1, "first")).status).toBe(200);
    setHabit(rejects);
    const failed = await plane.ended(await plane.activate(id, 1, "STAGING"));
    setHabit(proves);
    expect(failed.activationStatus).toBe("FAILED");
    expect(refusal(await put(1, "second"))).toEqual([422, "ca-set-version-was-previously-active"]);
    expect((await plane.ask("POST", `/ca-sets/${id}/versions/1/clone`)).status).toBe(201);
    expect(expectStatus(await put(2, "second"), 200, version).description).toBe("second");
  });

  test("8. the latest version is on the set at once; a delete goes by associations, set, DELETE and its status", async () => {
    const id = await plane.createVersion([root]);
    expect((await plane.get(caSet, `/ca-sets/${id}`)).latestVersion).toBe(1);
    const associations = await plane.ask("GET", `/ca-sets/${id}/associations`);
    expect(associations.body).toEqual({ associations: { properties: [], enrollments: [] } });
    expect((await plane.get(caSet, `/ca-sets/${id}`)).caSetStatus).toBe("NOT_DELETED");
    expect((await plane.ask("DELETE", `/ca-sets/${id}`)).status).toBe(202);
    const status = await plane.ask("GET", `/ca-sets/${id}/status/delete`);
    expect([status.status, (status.body as { status: string }).status]).toEqual([200, "COMPLETE"]);
    expect((await plane.get(caSet, `/ca-sets/${id}`)).caSetStatus).toBe("DELETED");
  });

  test("9. only what does not exist answers 404: a deleted set still answers 200", async () => {
    const id = await plane.createVersion([root]);
    await plane.ask("DELETE", `/ca-sets/${id}`);
    expect((await plane.ask("GET", `/ca-sets/${id}`)).status).toBe(200);
    expect(refusal(await plane.ask("GET", "/ca-sets/2147483647"))).toEqual([404, "ca-set-not-found"]);
  });

  test("10. a JSON body on GET …/certificates is tolerated and ignored", async () => {
    const id = await plane.createVersion([root]);
    const answer = await plane.ask("GET", `/ca-sets/${id}/versions/1/certificates`, {
      body: { certificateStatus: "X" },
    });
    expect(answer.body).toMatchObject({ certificates: [{ fingerprint: root.fingerprint }] });
  });

  test("11. commas come as %2C and plus signs as %2B or as they are, which is a space", async () => {
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    for (const value of ["STAGING%2BPRODUCTION", "PRODUCTION+STAGING", "STAGING%2CPRODUCTION", "STAGING,PRODUCTION"]) {
      const { caSets } = await plane.get(caSetList, `/ca-sets?activatedOn=${value}&caSetStatus=NOT_DELETED%2CDELETED`);
      expect(
        caSets.map(({ caSetId }) => caSetId),
        value,
      ).toContain(id);
    }
  });

  test("12. ids are numbers below 2^31 as text, and no two sets that are not deleted share a name", async () => {
    const { caSetId, caSetName } = await plane.createSet();
    expect(caSetId).toMatch(/^[1-9]\d*$/);
    expect(Number(caSetId)).toBeLessThan(2 ** 31);
    const again = await plane.ask("POST", "/ca-sets", { body: { caSetName } });
    expect(refusal(again)).toEqual([409, "ca-set-name-is-not-unique"]);
    await plane.ask("DELETE", `/ca-sets/${caSetId}`);
    expect((await plane.ask("POST", "/ca-sets", { body: { caSetName } })).status).toBe(201);
    const query = "caSetStatus=NOT_DELETED%2CDELETED";
    const { caSets } = await plane.get(caSetList, `/ca-sets?caSetNamePrefix=${caSetName}&${query}`);
    const namesakes = caSets.filter((one) => one.caSetName === caSetName).map(({ caSetStatus }) => caSetStatus);
    expect(namesakes.toSorted((a, b) => a.localeCompare(b))).toEqual(["DELETED", "NOT_DELETED"]);
  });

  test("13. comments arrive as description, and members that no client sends are refused and not ignored", async () => {
    const body = { caSetName: plane.newName(), description: "from comments" };
    expect(expectStatus(await plane.ask("POST", "/ca-sets", { body }), 201, caSet).description).toBe("from comments");
    const raw = { caSetName: plane.newName(), comments: "v1" };
    expect(refusal(await plane.ask("POST", "/ca-sets", { body: raw }))).toEqual([400, "json-schema-validation-error"]);
  });

  test("14. success codes are exactly those that clients compare with", async () => {
    const codes: [string, number][] = [];
    const ask = async (name: string, answer: Promise<Answer>): Promise<Answer> => {
      const arrived = await answer;
      codes.push([name, arrived.status]);
      return arrived;
    };
    const set = await ask("create", plane.ask("POST", "/ca-sets", { body: { caSetName: plane.newName() } }));
    const path = `/ca-sets/${(set.body as { caSetId: string }).caSetId}`;
    const body = { allowInsecureSha1: false, certificates: certificateList([root]) };
    await ask("create version", plane.ask("POST", `${path}/versions`, { body }));
    await ask("update", plane.ask("PUT", `${path}/versions/1`, { body }));
    await ask("clone version", plane.ask("POST", `${path}/versions/1/clone`));
    await ask(
      "clone set",
      plane.ask("POST", `${path}/clone`, { body: { caSetName: plane.newName(), description: null } }),
    );
    const network = { body: { network: "STAGING" } };
    const on = await ask("activate", plane.ask("POST", `${path}/versions/1/activate`, network));
    await plane.ended(on.body as { activationLink: string });
    await ask("status", plane.ask("GET", `/${(on.body as { activationLink: string }).activationLink}`));
    const off = await ask("deactivate", plane.ask("POST", `${path}/versions/1/deactivate`, network));
    await plane.ended(off.body as { activationLink: string });
    await ask("delete version", plane.ask("DELETE", `${path}/versions/2`));
    await ask("delete set", plane.ask("DELETE", path));
    expect(codes).toEqual([
      ["create", 201],
      ["create version", 201],
      ["update", 200],
      ["clone version", 201],
      ["clone set", 201],
      ["activate", 202],
      ["status", 200],
      ["deactivate", 202],
      ["delete version", 204],
      ["delete set", 202],
    ]);
  });

  test("15. every refusal is JSON with type and status, also where no route or body was understood", async () => {
    const big = Buffer.alloc(9 * 1024 * 1024, 0x20);
    const headers = { "content-type": "application/json" };
    const answers = [
      await plane.ask("GET", "/no-such-thing"),
      await plane.ask("GET", "//no-such-thing"),
      await plane.ask("PUT", "/ca-sets"),
      await plane.ask("GET", "/ca-sets", { token: null }),
      await plane.ask("GET", "/ca-sets", { headers: { accept: "text/csv" } }),
      await plane.ask("POST", "/ca-sets", { raw: "{", headers }),
      await plane.ask("POST", "/ca-sets", {
        raw: "a=b",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
      await plane.ask("POST", "/ca-sets", { raw: big, headers }),
      await plane.ask("GET", "/ca-sets/%zz"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 405, 401, 406, 400, 415, 413, 400]);
    for (const answer of answers)
      expect(problemOf(answer).type).toMatch(/^\/mtls-edge-truststore\/error-types\/[a-z-]+$/);
  });

  test("16. the clone of a version is a POST without body, with or without a content type", async () => {
    const id = await plane.createVersion([root]);
    for (const headers of [{}, { "content-type": "application/json" }]) {
      const answer = await plane.ask("POST", `/ca-sets/${id}/versions/1/clone`, { headers });
      expect(answer.status).toBe(201);
    }
    const { versions } = await plane.get(versionList, `/ca-sets/${id}/versions`);
    expect(versions.map((one) => one.version)).toEqual([3, 2, 1]);
  });
});

/** What errors.Is of the Go library knows of our problems: it compares the type and the status, and nothing else. */
const typedErrors: Readonly<Record<number, readonly ProblemSlug[]>> = {
  400: [
    "ca-set-name-validation-failure",
    "certificate-validation-failure",
    "certificate-validation-failure-activate",
    "certificate-validation-failure-create",
    "certificate-validation-failure-update",
    "invalid-field",
    "invalid-json",
    "missing-caset-version",
    "missing-required-query-parameter",
    "no-active-cert-deletions",
    "path-variable-query-param-type-mismatch",
    "unknown-query-parameters",
  ],
  401: ["unauthorized"],
  403: ["forbidden"],
  404: ["activation-or-deactivation-request-not-found", "ca-set-not-found", "ca-set-version-not-found"],
  406: ["media-type-not-acceptable"],
  409: [
    "another-activation-request-in-progress-in-the-ca-set",
    "another-deactivation-request-in-progress-in-the-ca-set",
    "ca-set-cannot-be-deleted-in-progress-version-activations",
    "ca-set-in-use-by-enrollments",
    "ca-set-name-is-not-unique",
    "ca-set-version-already-active-on-network",
    "ca-set-version-not-active-on-network",
    "delete-ca-set-request-in-progress",
  ],
  415: ["media-type-not-supported"],
  422: [
    "ca-set-limit-reached",
    "ca-set-version-is-active",
    "ca-set-version-limit-reached",
    "ca-set-version-was-previously-active",
    "certificate-limit-reached",
    "duplicate-ca-set-version",
  ],
  500: ["internal-error"],
};

/** The library has each under the other's status; the vendor's own reference and samples have them as we do (spec §5). */
const notRecognised: Partial<Record<ProblemSlug, number>> = {
  "ca-set-cannot-be-deleted-active-versions": 409,
  "json-schema-validation-error": 400,
};

describe("what official clients need beyond that reference", () => {
  test.each(
    Object.entries(typedErrors).flatMap(([status, slugs]) => slugs.map((slug) => [slug, Number(status)] as const)),
  )("the Go library knows %s by its status %i", (slug, status) => {
    expect(problemCatalogue[slug].status).toBe(status);
  });

  test("two typed errors of the Go library are not recognised, because it contradicts the reference", () => {
    for (const [slug, status] of Object.entries(notRecognised))
      expect(problemCatalogue[slug as ProblemSlug].status, slug).toBe(status);
  });

  test("no GET answers 409: the Go client with retries takes it for a passing state, and asks ten more times", () => {
    const reads = Object.values<Endpoint>(endpoints).filter(({ method }) => method === "GET");
    const inConflict = reads.filter((read) => problemsOf(read).some((slug) => problemCatalogue[slug].status === 409));
    expect(reads.length).toBeGreaterThan(20);
    expect(inConflict.map(({ path }) => path)).toEqual([]);
  });

  test("every date of a body is RFC 3339 in UTC, as Go parses it without being told a format", async () => {
    const id = await plane.createVersion([root]);
    await plane.activateOnBoth(id);
    const bodies = await Promise.all(
      ["", "/versions?includeCertificates=true", "/activations", "/activities"].map(
        async (below) => (await plane.ask("GET", `/ca-sets/${id}${below}`)).text,
      ),
    );
    const dates = bodies.flatMap((body) => [...body.matchAll(/"(\w+Date)":"([^"]*)"/g)]);
    expect(new Set(dates.map(([, name]) => name))).toEqual(
      new Set(["createdDate", "startDate", "endDate", "modifiedDate", "activityDate", "deadlineDate"]),
    );
    for (const [, name, date] of dates) expect(date, name).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
  });
});

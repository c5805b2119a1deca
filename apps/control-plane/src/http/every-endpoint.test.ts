import { apiBasePath, type Endpoint, endpoints, problemsOf, problemTypePrefix } from "@tcm/api-contract";
import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Answer, refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

const root = testPki().root("Fuzzed Root");

let plane: ControlPlaneHarness;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  await plane.connectLocalNodes();
  await plane.createVersion([root]);
});
afterAll(() => plane.remove());

const all: readonly (readonly [string, Endpoint])[] = Object.entries(endpoints);
const fill = (path: string, value: string): string => path.replace(/\{[A-Za-z]+\}/g, value);
const bodyFor = ({ body }: Endpoint) => (body === undefined ? {} : { body: {} });

describe.each(all)("%s", (_name, endpoint) => {
  const { method, path } = endpoint;
  const valid = fill(path, "1");

  test("is refused to who does not say who he is, unless it is open to all", async () => {
    const answer = await plane.ask(method, valid, { ...bodyFor(endpoint), token: null });
    if (endpoint.isOpen === true) return expect(answer.status).not.toBe(401);
    expect(refusal(answer)).toEqual([401, "unauthorized"]);
    expect(answer.headers["www-authenticate"]).toMatch(/Bearer/);
  });

  test("refuses a query parameter that it does not know, and says which there are", async () => {
    const answer = await plane.ask(method, `${valid}?colour=red`, { body: validBody(endpoint) });
    expect(refusal(answer)).toEqual([400, "unknown-query-parameters"]);
    const { contextInfo } = answer.body as { contextInfo: { allowedQueryParameters: string[]; parameters: string[] } };
    expect(contextInfo.parameters).toEqual(["colour"]);
    expect(contextInfo.allowedQueryParameters).toEqual(["accountSwitchKey", ...(endpoint.query ?? [])]);
  });

  test("refuses a method that its address does not answer to, and says which it does", async () => {
    const answer = await plane.ask("TRACE", valid);
    expect(refusal(answer)).toEqual([405, "method-not-allowed"]);
    expect(answer.headers.allow?.split(", ")).toContain(method);
    const { contextInfo } = answer.body as { contextInfo: { allowedMethods: string[] } };
    expect(contextInfo.allowedMethods.join(", ")).toBe(answer.headers.allow);
  });

  test("is reached under no other name, and by no page of another site", async () => {
    const elsewhere = await plane.ask(method, valid, { ...bodyFor(endpoint), headers: { host: "evil.example" } });
    expect(refusal(elsewhere)).toEqual([421, "misdirected-request"]);
    const foreign = await plane.ask(method, valid, {
      ...bodyFor(endpoint),
      headers: { origin: "https://evil.example" },
    });
    expect(refusal(foreign)).toEqual([403, "forbidden"]);
    expect((foreign.body as { contextInfo?: unknown }).contextInfo).toBeUndefined();
  });

  test("refuses who cannot read what it answers", async () => {
    const answer = await plane.ask(method, valid, { ...bodyFor(endpoint), headers: { accept: "image/png" } });
    expect(refusal(answer)).toEqual([406, "media-type-not-acceptable"]);
  });
});

const numbered = all.filter(([, { path }]) => path.includes("{") && !path.includes("{nodeId}"));
const reading = all.filter(([, { body }]) => body !== undefined);

describe.each(numbered)("%s, which names things by number,", (_name, endpoint) => {
  const { method, path } = endpoint;

  test("refuses ids that are none", async () => {
    for (const id of ["abc", "0", "-1", "1.5", "99999999999", "2147483648", "%00"]) {
      const answer = await plane.ask(method, fill(path, id), { body: validBody(endpoint) });
      expect(refusal(answer), id).toEqual([400, "path-variable-query-param-type-mismatch"]);
    }
  });
});

describe.each(reading)("%s, which reads a body,", (_name, endpoint) => {
  const { method, path } = endpoint;
  const valid = fill(path, "1");

  test("refuses what is too large before any of it is decoded", async () => {
    const raw = Buffer.alloc((endpoint.isOpen === true ? 16 * 1024 : 8 * 1024 * 1024) + 1, "[");
    const answer = await plane.ask(method, valid, { raw, headers: { "content-type": "application/json" } });
    expect(refusal(answer)).toEqual([413, "payload-too-large"]);
  });

  test("refuses an unknown member, another media type and a body that is no JSON", async () => {
    const unknown = await plane.ask(method, valid, { body: { ...(validBody(endpoint) as object), colour: "red" } });
    expect(refusal(unknown)).toEqual([400, "json-schema-validation-error"]);
    const media = await plane.ask(method, valid, { raw: "<a/>", headers: { "content-type": "text/xml" } });
    expect(refusal(media)).toEqual([415, "media-type-not-supported"]);
    for (const raw of ["{", "[]]", "\u0000", '{"a":1']) {
      const answer = await plane.ask(method, valid, { raw, headers: { "content-type": "application/json" } });
      expect(refusal(answer)).toEqual([400, "invalid-json"]);
    }
    for (const raw of ["null", "[]", '"text"', "7"]) {
      const answer = await plane.ask(method, valid, { raw, headers: { "content-type": "application/json" } });
      expect(refusal(answer)).toEqual([400, "json-schema-validation-error"]);
    }
  });
});

/** The least body that fits the schema. */
function validBody({ path, method }: Endpoint): unknown {
  const certificates = [{ certificatePem: root.pem }];
  const bodies: Readonly<Record<string, unknown>> = {
    "POST /ca-sets": { caSetName: "every-endpoint" },
    "PATCH /ca-sets/{caSetId}": { caSetName: "every-endpoint" },
    "POST /ca-sets/{caSetId}/clone": { caSetName: "every-endpoint" },
    "POST /ca-sets/{caSetId}/verify": { clientChainPem: root.pem },
    "POST /ca-sets/{caSetId}/versions": { certificates },
    "PUT /ca-sets/{caSetId}/versions/{version}": { certificates },
    "POST /ca-sets/{caSetId}/versions/{version}/verify": { clientChainPem: root.pem },
    "POST /ca-sets/{caSetId}/versions/{version}/activate": { network: "STAGING" },
    "POST /ca-sets/{caSetId}/versions/{version}/deactivate": { network: "STAGING" },
    "POST /ca-sets/{caSetId}/versions/{version}/activations/{activationId}/nodes/exclude": { nodeId: "x" },
    "POST /certificates/validate": { certificates },
    "POST /edge-certificates": { hostnames: ["every.example"], clientAuthentication: { caSetId: "1" } },
    "PATCH /edge-certificates/{edgeCertificateId}": { hostnames: ["every.example"] },
    "PATCH /edge-nodes/{nodeId}": { drained: false },
    "POST /edge-nodes/join-tokens": { network: "STAGING", engine: "haproxy" },
    "POST /signing-keys/rotate": { network: "STAGING" },
    "POST /session": { name: "nobody", password: "wrong" },
    "POST /session/redeem": { token: "A".repeat(43), name: "nobody", password: "long enough for a rule" },
    "POST /session/password": { currentPassword: "a", newPassword: "b" },
    "POST /users": { name: "every-endpoint", role: "viewer", password: "short" },
    "PATCH /users/{userId}": { disabled: true },
    "POST /tokens": { name: "every endpoint", role: "viewer" },
    "POST /api-clients": { name: "every endpoint", role: "viewer" },
  };
  return bodies[`${method} ${path}`];
}

/** Values of every kind where a program expects one of a few. */
const anything = fc.oneof(
  fc.constantFrom("1", "2", "STAGING", "true", "EXPIRED", "ACTIVE,EXPIRED", "2026-06-01T00:00:00Z", root.pem, "%", ""),
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const anyCertificates = fc.array(
  fc.record({ certificatePem: fc.oneof(fc.constantFrom(root.pem, root.privateKeyPem), fc.string()) }),
  { maxLength: 3 },
);
const anyValue = fc.oneof(
  anything,
  anyCertificates,
  fc.array(anything, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 8 }), anything, { maxKeys: 3 }),
);

/** A body that fits, one with some members replaced, or any JSON at all. */
function anyBody(endpoint: Endpoint): fc.Arbitrary<unknown> {
  const start = validBody(endpoint);
  if (start === undefined) return fc.constant(undefined);
  const names = Object.keys(start as object);
  const change = fc.tuple(fc.constantFrom(...names, ...names, ...names, "description", "x"), anyValue);
  const changed = fc
    .array(change, { maxLength: 2 })
    .map((changes) => ({ ...(start as object), ...Object.fromEntries(changes) }));
  return fc.oneof(fc.constant(start), { arbitrary: changed, weight: 3 }, fc.jsonValue({ maxDepth: 3 }));
}

/** What the endpoint may answer by its documentation; nothing else ever comes. */
function expectDocumented(endpoint: Endpoint, { status, body, text }: Answer): void {
  const { method, path } = endpoint;
  const form = endpoint.answers[status];
  if (form !== undefined) {
    if (form === null) expect(text).toBe("");
    else if (form instanceof z.ZodType) expect(form.safeParse(body).error, `${method} ${path}`).toBeUndefined();
    return;
  }
  const { type } = body as { type: string };
  const slug = type.slice(problemTypePrefix.length) as ProblemSlug;
  expect(problemsOf(endpoint), `${method} ${path} answered ${text}`).toContain(slug);
  expect(problemCatalogue[slug].status).toBe(status);
  expect(status, text).toBeLessThan(500);
}

/** A stream never ends, passwords are slow on purpose, and without its token the test could ask for nothing more. */
function isLeftOut({ path }: Endpoint): boolean {
  return path === "/events" || path.startsWith("/session") || path.startsWith("/users") || path.startsWith("/tokens/");
}

describe("whatever is sent", () => {
  test("every answer is one that is documented, and none is a fault of ours", async () => {
    const usable = all.map(([, endpoint]) => endpoint).filter((endpoint) => !isLeftOut(endpoint));
    const request = fc.constantFrom(...usable).chain((endpoint) =>
      fc.record({
        endpoint: fc.constant(endpoint),
        id: fc.oneof(fc.constantFrom("1", "1", "1", "2", "staging-edge"), fc.string({ minLength: 1, maxLength: 20 })),
        query: fc.oneof(
          { arbitrary: fc.constant<Record<string, unknown>>({}), weight: 3 },
          fc.dictionary(fc.constantFrom(...(endpoint.query ?? []), "accountSwitchKey", "x"), anything, { maxKeys: 2 }),
        ),
        body: anyBody(endpoint),
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ endpoint, id, query, body }) => {
        const search = new URLSearchParams(
          Object.entries(query).map(([name, value]) => [name, String(value)]),
        ).toString();
        const path = `${fill(endpoint.path, encodeURIComponent(id))}${search === "" ? "" : `?${search}`}`;
        // An id of dots is another path, which is documented elsewhere.
        fc.pre(new URL(`http://h${apiBasePath}${path}`).pathname === `${apiBasePath}${path.split("?")[0]}`);
        expectDocumented(endpoint, await plane.ask(endpoint.method, path, { body }));
      }),
      { numRuns: 2_000, seed: 20_260_601 },
    );
    // It was heard to the end.
    expect((await plane.ask("GET", "/ca-sets")).status).toBe(200);
  });
});

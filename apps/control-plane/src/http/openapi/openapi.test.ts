import { apiBasePath, type Endpoint, endpoints, problemTypePrefix } from "@tcm/api-contract";
import { problemCatalogue } from "@tcm/core";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { refusal } from "../../testing/api-client.ts";
import { openMetrics } from "../../observability/metrics.ts";
import { ControlPlaneHarness } from "../../testing/control-plane-harness.ts";
import { buildHttpServer } from "../http-server.ts";
import { endpointOf, type OpenApiDocument } from "./openapi-document.ts";
import type { RegisteredRoute } from "./route-list.ts";

let plane: ControlPlaneHarness;
let document: OpenApiDocument;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  document = (await plane.ask("GET", "//openapi.json", { token: null })).body as OpenApiDocument;
});
afterAll(() => plane.remove());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

describe("GET /openapi.json", () => {
  test("is OpenAPI 3.1 in structure: every reference resolves, every parameter of a path is declared, ids are unique", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: expect.any(String) as string, version: expect.any(String) as string });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = ""]) => target);
    expect(references.length).toBeGreaterThan(50);
    for (const target of references) {
      const name = /^#\/components\/schemas\/([A-Za-z0-9]+)$/.exec(target)?.[1] ?? "";
      expect(document.components.schemas, target).toHaveProperty(name);
    }
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      const declared = operation.parameters.filter((one) => one["in"] === "path").map((one) => one["name"]);
      expect(declared, path).toEqual([...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name));
      expect(Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status))).toBe(true);
      for (const response of Object.values(operation.responses)) expect(response).toHaveProperty("description");
    }
  });

  test("is JSON Schema 2020-12 inside: no keyword of older drafts, no transform that cannot be shown", () => {
    const text = JSON.stringify(document);
    expect(text).not.toMatch(/"(nullable|definitions|\$id|\$schema|id_)":/);
    const { CreateCaSetRequest, Version } = document.components.schemas;
    expect(CreateCaSetRequest).toMatchObject({ type: "object", additionalProperties: false, required: ["caSetName"] });
    expect(Version).toMatchObject({ type: "object", properties: { certificates: { type: "array" } } });
  });

  test("documents every endpoint with its permission, and refusals by type", () => {
    expect(operations()).toHaveLength(Object.keys(endpoints).length);
    const remove = document.paths[`${apiBasePath}/ca-sets/{caSetId}`]?.["delete"];
    expect(remove?.["x-permission"]).toEqual(expect.any(String));
    expect(JSON.stringify(remove?.responses["409"])).toContain(
      `"${problemTypePrefix}ca-set-cannot-be-deleted-active-versions"`,
    );
    expect(remove?.responses["202"]).not.toHaveProperty("content");
    expect(document.security.map((one) => Object.keys(one)[0])).toEqual(
      Object.keys(document.components.securitySchemes),
    );
    for (const { operation } of operations())
      expect(operation.security, operation.operationId).toEqual(
        operation["x-permission"] === undefined ? [] : undefined,
      );
  });
});

describe("table of endpoints and routes", () => {
  let routes: readonly RegisteredRoute[];
  beforeAll(async () => {
    const { context, identity, address } = plane.controlPlane;
    const log = pino({ level: "silent" });
    const app = await buildHttpServer({
      context,
      identity,
      succeedKey: () => Promise.reject(new Error("nothing is asked of it")),
      address,
      log,
      readiness: async () => ({ isReady: true, reasons: [], checks: {} }),
      isStopping: () => false,
      metrics: openMetrics("0"),
      joining: { urls: [], ca: "" },
      heartbeatIntervalMs: 1_000,
    });
    routes = app.registeredRoutes.filter(({ path }) => path.startsWith(apiBasePath));
    await app.close();
  });

  test("every route below the base path is in the table, and everything in the table is a route", () => {
    expect(routes.filter((route) => endpointOf(route) === undefined)).toEqual([]);
    const registered = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const missing = Object.values(endpoints).filter(
      ({ method, path }) => !registered.has(`${method} ${apiBasePath}${path}`),
    );
    expect(missing).toEqual([]);
  });

  test("body and answers of the table are the very schemas that the route validates with", () => {
    for (const route of routes) {
      const endpoint: Endpoint | undefined = endpointOf(route)?.endpoint;
      expect(endpoint?.body, route.path).toBe(route.body);
      for (const [status, form] of Object.entries(endpoint?.answers ?? {}))
        if (form instanceof z.ZodType) expect(route.responses[status], `${route.path} ${status}`).toBe(form);
        else if (typeof form === "string") expect(route.produces, route.path).toEqual([form]);
      const documented = Object.keys(endpoint?.answers ?? {});
      expect(documented, route.path).toEqual(expect.arrayContaining(Object.keys(route.responses)));
    }
  });

  test("query parameters of the table are those that the route takes", () => {
    for (const route of routes) {
      const endpoint: Endpoint | undefined = endpointOf(route)?.endpoint;
      const taken = Object.keys(route.query?.shape ?? {}).filter((name) => name !== "accountSwitchKey");
      expect(taken, route.path).toEqual(endpoint?.query ?? []);
    }
  });
});

describe("GET /reference", () => {
  test("shows every endpoint without any script, and is allowed its own style only", async () => {
    const answer = await plane.ask("GET", "//reference", { token: null, headers: { accept: "text/html" } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';/,
    );
    expect(answer.text).not.toMatch(/<script|javascript:|\son[a-z]+=|\sstyle=/i);
    for (const { operation } of operations()) expect(answer.text).toContain(`id="${operation.operationId}"`);
    const targets = [...answer.text.matchAll(/href="#([^"]+)"/g)].map(([, id = ""]) => id);
    for (const id of targets) expect(answer.text).toContain(`id="${id}"`);
  });

  test("the type of every problem is the address of its explanation", async () => {
    for (const [slug, { title }] of Object.entries(problemCatalogue)) {
      const answer = await plane.ask("GET", `/${problemTypePrefix}${slug}`, { token: null });
      expect([answer.status, answer.text.includes(`<h1>${title}</h1>`)], slug).toEqual([200, true]);
    }
    const unknown = await plane.ask("GET", `/${problemTypePrefix}constructor`, { token: null });
    expect(refusal(unknown)).toEqual([404, "resource-not-found"]);
  });
});

import { apiBasePath, type Endpoint, endpoints, problemBody, problemsOf, problemTypePrefix } from "@tcm/api-contract";
import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import type { z } from "zod";
import { componentName, componentSchemas, type JsonSchema, jsonSchema, schemaReference } from "./components.ts";
import type { RegisteredRoute } from "./route-list.ts";

export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly JsonSchema[];
  readonly requestBody?: JsonSchema;
  readonly responses: Readonly<Record<string, JsonSchema>>;
  readonly security?: readonly JsonSchema[];
  readonly "x-permission"?: string;
};

export type OpenApiDocument = {
  readonly openapi: "3.1.0";
  readonly info: JsonSchema;
  readonly servers: readonly JsonSchema[];
  readonly security: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: JsonSchema };
};

/** The document of what is registered: schemas from the routes themselves, words from the table of endpoints. */
export function openApiDocument(routes: readonly RegisteredRoute[]): OpenApiDocument {
  const described = routes.flatMap((route) => {
    const found = endpointOf(route);
    return found === undefined ? [] : [{ route, ...found }];
  });
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { route, name, endpoint } of described)
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(name, endpoint, route);
  const used = described.flatMap(({ route }) => [
    ...(route.body === undefined ? [] : [[route.body, "input"] as const]),
    ...Object.values(route.responses).map((schema) => [schema, "output"] as const),
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Trust Chain Manager",
      version: "2",
      description:
        "CA certificate sets: create, version, validate, deploy, prove, roll back. Speaks mTLS Edge Truststore v2.",
    },
    servers: [{ url: "/" }],
    security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
    paths,
    components: {
      schemas: componentSchemas([...used, [problemBody, "output"]]),
      securitySchemes,
    },
  };
}

/** Any one of them. The cookie has the prefix `__Host-` over TLS. */
const securitySchemes = {
  bearer: { type: "http", scheme: "bearer", description: "An API token." },
  edgegrid: { type: "http", scheme: "EG1-HMAC-SHA256", description: "An API client, over TLS only." },
  session: { type: "apiKey", in: "cookie", name: "tcm-session", description: "A browser that has signed in." },
} as const;

/** Undefined: not in the table, and below the base path a fault that a test finds. */
export function endpointOf({ method, path }: RegisteredRoute) {
  const entry = Object.entries<Endpoint>(endpoints).find(
    ([, endpoint]) => endpoint.method === method && apiBasePath + endpoint.path === path,
  );
  return entry === undefined ? undefined : { name: entry[0], endpoint: entry[1] };
}

function operation(operationId: string, endpoint: Endpoint, route: RegisteredRoute): Operation {
  const { summary, description } = endpoint;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [endpoint.path.split("/")[1] ?? ""],
    parameters: [
      ...shapeParameters("path", route.params),
      ...shapeParameters("query", route.query),
      ...headers(endpoint),
    ],
    ...(route.body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: reference(route.body, "input") } } },
    }),
    responses: { ...successes(endpoint), ...refusals(endpoint) },
    ...(endpoint.isOpen === true && { security: [] }),
    ...(route.permission !== undefined && { "x-permission": route.permission }),
  };
}

function shapeParameters(where: "path" | "query", object: z.ZodObject | undefined): readonly JsonSchema[] {
  return Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: where === "path",
    schema: jsonSchema(schema as z.ZodType, "input"),
  }));
}

function headers({ problems, path }: Endpoint): readonly JsonSchema[] {
  const header = (name: string) => ({ name, in: "header", required: false, schema: { type: "string" } });
  const isGuarded = problems.includes("precondition-failed");
  return [...(isGuarded ? [header("If-Match")] : []), ...(path === "/events" ? [header("Last-Event-ID")] : [])];
}

function reference(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const name = componentName(schema);
  return name === undefined ? jsonSchema(schema, io) : { $ref: schemaReference(name) };
}

function successes({ answers, method }: Endpoint): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, form]) => [
      status,
      {
        description: descriptions[status] ?? "Done",
        headers: Object.fromEntries(
          answerHeaders(status, method).map((name) => [name, { schema: { type: "string" } }]),
        ),
        ...(form !== null && { content: content(form) }),
      },
    ]),
  );
}

function content(form: z.ZodType | string): JsonSchema {
  return typeof form === "string"
    ? { [form]: { schema: { type: "string" } } }
    : { "application/json": { schema: reference(form, "output") } };
}

const descriptions: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Created",
  202: "Under way",
  204: "Done, nothing to say",
  207: "Ended differently on the two networks",
};

function answerHeaders(status: string, method: string): readonly string[] {
  const rates = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Next"];
  if (status === "202" && method === "GET") return [...rates, "Retry-After"];
  return status === "201" || status === "202" ? [...rates, "Location"] : rates;
}

/** One response for each status, with the problem types that it may have. */
function refusals(endpoint: Endpoint): Readonly<Record<string, JsonSchema>> {
  const byStatus = Map.groupBy(problemsOf(endpoint), (slug) => String(problemCatalogue[slug].status));
  return Object.fromEntries([...byStatus].map(([status, slugs]) => [status, refusal(slugs)]));
}

function refusal(slugs: readonly ProblemSlug[]): JsonSchema {
  const types = slugs.map((slug) => problemTypePrefix + slug);
  return {
    description: slugs.map((slug) => `${problemCatalogue[slug].title} (${slug})`).join("; "),
    content: {
      "application/problem+json": {
        schema: { allOf: [{ $ref: schemaReference("ProblemBody") }, { properties: { type: { enum: types } } }] },
      },
    },
  };
}

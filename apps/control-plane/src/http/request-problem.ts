import type { Problem } from "@tcm/core";
import type { FastifyError, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";

type Issue = {
  readonly code?: string;
  readonly path?: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
};

/** What is wrong with a request that did not get as far as an operation; undefined for faults of our own. */
export function requestProblem(error: FastifyError, request: FastifyRequest): Problem | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ params, instancePath, message }) => {
      const issue = (params as { issue?: Issue }).issue;
      return { message: message ?? "invalid", path: instancePath.split("/").slice(1), ...issue };
    });
    return schemaProblem(error.validationContext, issues, request);
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return {
        slug: "payload-too-large",
        detail: `The body is larger than ${request.server.initialConfig.bodyLimit ?? 0} bytes. Nothing was read; send less.`,
      };
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return mediaTypeProblem(request.headers["content-type"]);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return { slug: "invalid-json", detail: "The body is not well-formed JSON." };
    default:
      return error.statusCode === 400
        ? { slug: "invalid-json", detail: "The body is not well-formed JSON." }
        : undefined;
  }
}

export function mediaTypeProblem(contentType: string | undefined): Problem {
  const contextInfo = { allowedMediaTypes: ["application/json"], unsupportedMediaType: contentType ?? null };
  return { slug: "media-type-not-supported", detail: "Send the body as application/json.", contextInfo };
}

function schemaProblem(where: string | undefined, issues: readonly Issue[], request: FastifyRequest): Problem {
  const first = issues[0] ?? { message: "invalid" };
  const path = (first.path ?? []).map(String);
  if (where === "querystring") return queryProblem(first, path, request);
  if (where === "params") {
    const parameterName = path[0] ?? "path";
    return {
      slug: "path-variable-query-param-type-mismatch",
      detail: `The value of ${parameterName} in the path is not of the right form.`,
      contextInfo: { parameterName },
    };
  }
  const pointer = `/${[...path, ...(first.keys ?? []).slice(0, 1)].map(escapePointer).join("/")}`;
  const unknown =
    first.code === "unrecognized_keys"
      ? `Unknown field ${(first.keys ?? []).map((key) => JSON.stringify(key.slice(0, 100))).join(", ")}.`
      : first.message;
  const contextInfo = { message: unknown };
  return {
    slug: "json-schema-validation-error",
    detail: `The body does not fit at "${pointer}": ${unknown}`,
    contextInfo,
    pointer,
  };
}

function queryProblem(issue: Issue, path: readonly string[], request: FastifyRequest): Problem {
  if (issue.code === "unrecognized_keys") {
    const allowedQueryParameters = request.routeOptions.config.queryParameters ?? [];
    const parameters = (issue.keys ?? []).map((key) => key.slice(0, 100));
    const detail = `Unknown query parameter ${parameters.map((name) => JSON.stringify(name)).join(", ")}.`;
    return { slug: "unknown-query-parameters", detail, contextInfo: { allowedQueryParameters, parameters } };
  }
  const parameterName = path[0] ?? "query";
  const value = (request.query as Readonly<Record<string, unknown>>)[parameterName];
  const contextInfo = { parameterName, invalidParameterValue: String(value).slice(0, 100) };
  const pointer = `/${escapePointer(parameterName)}`;
  const detail = `The value of the query parameter ${parameterName} is not one of those allowed.`;
  return {
    slug: "invalid-field",
    detail,
    contextInfo,
    errors: [{ type: "invalid-field", title: "Invalid value", detail, pointer }],
  };
}

/** RFC 6901 §3. */
function escapePointer(part: string): string {
  return part.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
}

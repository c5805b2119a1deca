import type { Problem } from "@tcm/core";
import type { FastifyError, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";

/** What the schema says of one place; `keys` are the fields there that it does not know. */
type Issue = {
  readonly code: string;
  readonly path: readonly string[];
  readonly message: string;
  readonly keys: readonly string[];
};

/** A body of which nothing was decoded, and why. */
export class UndecodedBody extends Error {
  readonly code = "TCM_UNDECODED_BODY";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** What is wrong with a request that did not get as far as an operation; undefined for faults of our own. */
export function requestProblem(error: FastifyError, request: FastifyRequest): Problem | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ keyword, instancePath, message, params }) => ({
      code: keyword,
      path: instancePath.split("/").filter((part) => part !== ""),
      message: message ?? "invalid",
      keys: (params as { readonly keys?: readonly string[] }).keys ?? [],
    }));
    return schemaProblem(error.validationContext, issues, request);
  }
  if (error instanceof UndecodedBody) return error.problem;
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return {
        slug: "payload-too-large",
        detail: `The body is larger than ${request.routeOptions.bodyLimit ?? 0} bytes. Nothing was read; send less.`,
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
  const first = issues[0] ?? { code: "invalid", path: [], message: "invalid", keys: [] };
  const { path, keys } = first;
  if (where === "querystring") return queryProblem(first, request);
  if (where === "params") {
    const parameterName = path[0] ?? "path";
    return {
      slug: "path-variable-query-param-type-mismatch",
      detail: `${parameterName} in the path ${wantedOf(first.message)}`,
      contextInfo: { parameterName },
    };
  }
  const pointer = [...path, ...keys.slice(0, 1)].map((part) => `/${escapePointer(part)}`).join("");
  const unknown =
    first.code === "unrecognized_keys"
      ? `Unknown field ${shown(keys)
          .map((key) => JSON.stringify(key))
          .join(", ")}.`
      : inPlainWords(first.message);
  const contextInfo = { message: unknown };
  return {
    slug: "json-schema-validation-error",
    detail: `The body does not fit at "${pointer}": ${unknown}`,
    contextInfo,
    pointer,
  };
}

/** What the schema library says, for who has never heard of it. */
function inPlainWords(message: string): string {
  const received = /^Invalid input: expected (.+), received (.+)$/.exec(message);
  if (received?.[2] === "undefined") return `It is missing; it has to be ${articled(received[1] ?? "")}.`;
  if (received !== null) return `It has to be ${articled(received[1] ?? "")}, and is ${articled(received[2] ?? "")}.`;
  const options = /^Invalid option: expected one of (.+)$/.exec(message);
  if (options !== null) return `It has to be one of ${(options[1] ?? "").replaceAll("|", ", ")}.`;
  const small = /^Too small: expected (\w+) to have >=(\d+) (\w+)$/.exec(message);
  if (small !== null) return `It has to have at least ${counted(small[2], small[3])}.`;
  const big = /^Too big: expected (\w+) to have <=(\d+) (\w+)$/.exec(message);
  if (big !== null) return `It may have at most ${counted(big[2], big[3])}.`;
  const bound = /^Too (small|big): expected \w+ to be [<>]=(-?\d+)$/.exec(message);
  return bound === null ? message : `It has to be ${bound[2]} or ${bound[1] === "small" ? "more" : "less"}.`;
}

function counted(number = "", things = ""): string {
  return `${number} ${number === "1" ? things.replace(/s$/, "") : things}`;
}

function articled(kind: string): string {
  if (kind === "null" || kind === "undefined") return kind;
  if (kind === "int") return "a whole number";
  // A number that is too large for one, such as 1e400.
  if (kind === "Infinity") return "too large a number";
  return `${/^[aeio]/.test(kind) ? "an" : "a"} ${kind}`;
}

function queryProblem({ code, path, keys, message }: Issue, request: FastifyRequest): Problem {
  if (code === "unrecognized_keys") {
    const allowedQueryParameters = request.routeOptions.config.queryParameters ?? [];
    const parameters = shown(keys);
    const detail = `Unknown query parameter ${parameters.map((name) => JSON.stringify(name)).join(", ")}.`;
    return { slug: "unknown-query-parameters", detail, contextInfo: { allowedQueryParameters, parameters } };
  }
  const parameterName = path[0] ?? "query";
  const value = (request.query as Readonly<Record<string, unknown>>)[parameterName];
  const contextInfo = { parameterName, invalidParameterValue: String(value).slice(0, 100) };
  const pointer = `/${escapePointer(parameterName)}`;
  const detail = `The query parameter ${parameterName} ${Array.isArray(value) ? "is given more than once. Give it once." : wantedOf(message)}`;
  return {
    slug: "invalid-field",
    detail,
    contextInfo,
    errors: [{ type: "invalid-field", title: "Invalid value", detail, pointer }],
  };
}

/** What the schema of a parameter says of itself, or the values that it lists. */
function wantedOf(message: string): string {
  const options = /^Invalid option: expected one of (.+)$/.exec(message)?.[1];
  if (options !== undefined) return `has to be one of ${options.replaceAll("|", ", ")}.`;
  return message.startsWith("has to be ") ? message : "has a value that it cannot have.";
}

/** Names come from the caller, in any number and length. */
function shown(keys: readonly string[]): readonly string[] {
  return keys.slice(0, 20).map((key) => key.slice(0, 100));
}

/** RFC 6901 §3. */
function escapePointer(part: string): string {
  return part.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
}

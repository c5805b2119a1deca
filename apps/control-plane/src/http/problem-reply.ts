import { randomBytes } from "node:crypto";
import { type ProblemBody, problemTypePrefix } from "@tcm/api-contract";
import { type Problem, problemCatalogue } from "@tcm/core";
import type { FastifyReply } from "fastify";
import { itemList } from "../operations/versions/problem-item.ts";

/** Problem bodies in the form of mETS: RFC 9457 with `contextInfo`, `pointer` and `errors`. */
export function problemBody({ slug, detail, contextInfo, pointer, errors }: Problem, traceId: string): ProblemBody {
  const { status, title } = problemCatalogue[slug];
  return {
    type: problemTypePrefix + slug,
    title,
    detail,
    status,
    instance: `${problemTypePrefix}${slug}/${traceId}`,
    ...(contextInfo !== undefined && { contextInfo: { ...contextInfo } }),
    ...(pointer !== undefined && { pointer }),
    ...(errors !== undefined && { errors: itemList(errors) }),
  };
}

/** 16 hex digits: the request in the log, and the end of `instance`. */
export function newTraceId(): string {
  return randomBytes(8).toString("hex");
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = problemCatalogue[problem.slug];
  reply.request.refusedFor = problem.slug;
  if (status === 503) reply.header("retry-after", new Date(Date.now() + 5_000).toUTCString());
  const retryAfter = problem.contextInfo?.["retryAfter"];
  if (typeof retryAfter === "string") reply.header("retry-after", new Date(retryAfter).toUTCString());
  return reply
    .code(status)
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problemBody(problem, reply.request.id));
}

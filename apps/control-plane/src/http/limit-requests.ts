import { problemTypePrefix } from "@tcm/api-contract";
import type { FastifyReply } from "fastify";
import { timestamp } from "../operations/actor.ts";
import type { OperationContext } from "../operations/context.ts";
import { problemBody } from "./problem-reply.ts";
import { openRateLimiter, type Turn } from "../limits/rate-limiter.ts";
import type { App } from "./route.ts";

/** Counts the requests of each actor, tells what is left of the limit on every answer, and refuses beyond it. */
export function limitRequests(app: App, { limits, clock }: Pick<OperationContext, "limits" | "clock">): void {
  const limiter = openRateLimiter(limits.requestsPerMinute);
  app.addHook("onRequest", async ({ actor }, reply) => {
    if (actor === undefined) return undefined;
    const turn = limiter.take(actor.name, clock());
    reply.headers({
      "x-ratelimit-limit": String(turn.limit),
      "x-ratelimit-remaining": String(turn.remaining),
      "x-ratelimit-next": timestamp(turn.nextAt),
    });
    return turn.isAllowed ? undefined : refuseTurn(reply, turn);
  });
}

/** The body of mETS, which repeats the headers and names the trace as a parameter. */
function refuseTurn(reply: FastifyReply, { limit, remaining, nextAt }: Turn): FastifyReply {
  const next = timestamp(nextAt);
  const problem = {
    slug: "rate-limit-exceeded",
    detail: `More than ${limit} requests a minute. The next one is welcome at ${next}.`,
  } as const;
  return reply
    .code(429)
    .header("retry-after", new Date(nextAt + 999).toUTCString())
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send({
      ...problemBody(problem, reply.request.id),
      instance: `${problemTypePrefix}${problem.slug}?traceId=${reply.request.id}`,
      rateLimit: limit,
      rateLimitRemaining: remaining,
      rateLimitNext: next,
    });
}

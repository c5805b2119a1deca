import type { Permission } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Actor } from "../operations/actor.ts";
import { sendProblem } from "./problem-reply.ts";

/**
 * How a route is written: `app.get(url, { config: { permission, queryParameters }, schema }, handler)`. The schema checks and types
 * parameters, query and body; the handler calls one operation and answers with `reply…` below. Without a
 * permission it is open to all.
 */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the caller's role must hold. An operation may ask for more, where that depends on the body or on what is stored. */
    permission?: Permission;
    /** Told to callers who use another one. */
    queryParameters?: readonly string[];
    /** Media types of the answer where it is not JSON. */
    produces?: readonly string[];
  }
  interface FastifyRequest {
    /** Set for every route that asks for a permission. */
    actor: Actor | undefined;
  }
}

/** A decimal number in the path or the query, below 2^31 at most: what a database column and a client's 32 bits hold. */
export function wholeNumber(most = 2 ** 31 - 1) {
  const wanted = `has to be a whole number from 1 to ${most}.`;
  return z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/, wanted)
    .transform(Number)
    .refine((number) => number <= most, wanted);
}

const id = wholeNumber();

export const caSetParams = z.object({ caSetId: id });
export const versionParams = z.object({ caSetId: id, version: id });
export const activationParams = z.object({ caSetId: id, version: id, activationId: id });
export const edgeCertificateParams = z.object({ edgeCertificateId: id });
export const nodeParams = z.object({ nodeId: z.string().max(63) });

export const userParams = z.object({ userId: id });
export const tokenParams = z.object({ tokenId: id });
export const apiClientParams = z.object({ apiClientId: id });

/** Every endpoint takes `accountSwitchKey`; anything else that is not named is refused. */
export function query<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject({ accountSwitchKey: z.string().optional(), ...shape });
}

export function queryParameters(schema: { readonly shape: Readonly<Record<string, unknown>> }): readonly string[] {
  return Object.keys(schema.shape);
}

export const noQuery = query({});

/** The options of a route whose query is `schema`. */
export function routeConfig(
  permission: Permission,
  schema: { readonly shape: Readonly<Record<string, unknown>> } = noQuery,
) {
  return { permission, queryParameters: queryParameters(schema) };
}

/** The options of a route below the base path that anybody may call. */
export const openToAll = { queryParameters: queryParameters(noQuery) };

export type Success = {
  readonly status?: 200 | 201 | 202 | 204 | 207;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends the value of an outcome, or its problem. */
export function send<T>(
  reply: FastifyReply,
  outcome: Outcome<T>,
  describe: (value: T) => Success = () => ({}),
): FastifyReply {
  if (!outcome.ok) return sendProblem(reply, outcome.problem);
  const { status = 200, headers = {} } = describe(outcome.value);
  return reply
    .code(status)
    .headers(headers)
    .send(status === 204 ? undefined : outcome.value);
}

/** Deployments take seconds here, so that is when to ask again. */
const askAgainMs = 5_000;

/** An RFC 1123 date: official clients fail on a number of seconds. */
export function askAgain(now: number): Readonly<Record<string, string>> {
  return { "retry-after": new Date(now + askAgainMs).toUTCString() };
}

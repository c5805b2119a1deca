import type { Problem } from "@tcm/core";
import type { FastifyRequest } from "fastify";
import { findTokenActor } from "../operations/api-token.ts";
import type { OperationContext } from "../operations/context.ts";
import { refuseMissingRight } from "../operations/refuse-missing-right.ts";

const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A page on the web can make a browser send requests to loopback under a name of its own (DNS rebinding), or across origins.
 * Neither reaches a route: the host must be one of ours, and a browser's origin must be that host.
 */
export function refuseForeignPage({ headers }: FastifyRequest): Problem | undefined {
  const host = headers.host ?? "";
  if (!loopbackNames.has(host.replace(/:\d+$/, "").toLowerCase())) {
    return {
      slug: "misdirected-request",
      detail: "This server does not answer under that host name. Use the address that it printed at its start.",
    };
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return { slug: "forbidden", detail: "Requests from other web pages are not accepted." };
  }
  return undefined;
}

/** mETS clients may name another account; there is only one here. */
export function refuseForeignAccount(request: FastifyRequest, accountId: string): Problem | undefined {
  const { accountSwitchKey } = request.query as { readonly accountSwitchKey?: unknown };
  if (accountSwitchKey === undefined || accountSwitchKey === accountId) return undefined;
  return { slug: "forbidden", detail: `This server serves the account ${accountId} only. Leave accountSwitchKey out.` };
}

/** Sets `request.actor` where the route asks for a permission and the bearer holds it. */
export async function authenticate(request: FastifyRequest, { store }: OperationContext): Promise<Problem | undefined> {
  const { permission } = request.routeOptions.config;
  if (permission === undefined) return undefined;
  const token = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(request.headers.authorization ?? "")?.[1];
  const actor = token === undefined ? undefined : await findTokenActor(store.db, token);
  if (actor === undefined) {
    return {
      slug: "unauthorized",
      detail: 'Send "Authorization: Bearer TOKEN" with a token made by "tcm token create".',
    };
  }
  request.actor = actor;
  return refuseMissingRight(actor, permission)?.problem;
}

/** RFC 9110 §12.5.1, as far as one media type needs it. */
export function refuseAccept({ headers, routeOptions }: FastifyRequest): Problem | undefined {
  const { accept } = headers;
  const produced = routeOptions.config.produces ?? ["application/json", "application/problem+json"];
  const offered = [...produced, ...produced.map((type) => type.replace(/\/.*$/, "/*")), "*/*"];
  const wanted = accept?.split(",").map((range) => range.split(";")[0]?.trim().toLowerCase() ?? "") ?? [];
  if (wanted.length === 0 || wanted.some((range) => range === "" || offered.includes(range))) return undefined;
  return {
    slug: "media-type-not-acceptable",
    detail: `The answer comes as ${offered[0]}. Ask for that in Accept.`,
    contextInfo: { allowedMediaTypes: offered.slice(0, 1) },
  };
}

import type { Problem } from "@tcm/core";
import type { FastifyRequest } from "fastify";

/** mETS clients may name another account; there is only one here. */
export function refuseForeignAccount(request: FastifyRequest, accountId: string): Problem | undefined {
  const { accountSwitchKey } = request.query as { readonly accountSwitchKey?: unknown };
  if (accountSwitchKey === undefined || accountSwitchKey === accountId) return undefined;
  return { slug: "forbidden", detail: `This server serves the account ${accountId} only. Leave accountSwitchKey out.` };
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

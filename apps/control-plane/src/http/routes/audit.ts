import { auditPage } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { z } from "zod";
import { type AuditFilter, readAudit } from "../../audit/read-audit.ts";
import type { OperationContext } from "../../operations/context.ts";
import { done } from "../../operations/refuse.ts";
import { invalidQuery } from "../expiry-query.ts";
import { instantText } from "../instant-text.ts";
import { type App, query, routeConfig, send, wholeNumber } from "../route.ts";

const textLength = "has to be 1 to 100 characters.";
const word = z.string().min(1, textLength).max(100, textLength);
const auditQuery = query({
  action: word.optional(),
  before: wholeNumber().optional(),
  by: word.optional(),
  limit: wholeNumber(1_000).optional(),
  outcome: word.optional(),
  since: z.string().optional(),
  until: z.string().optional(),
});
const usualLimit = 100;

export function auditRoutes(app: App, { store }: OperationContext): void {
  app.get(
    "/mtls-edge-truststore/v2/audit",
    {
      config: routeConfig("administer", auditQuery),
      schema: { querystring: auditQuery, response: { 200: auditPage } },
    },
    async ({ query: wanted }, reply) => {
      const filter = filterOf(wanted);
      return send(reply, filter.ok ? done(await readAudit(store.db, filter.value)) : filter);
    },
  );
}

function filterOf(wanted: z.infer<typeof auditQuery>): Outcome<AuditFilter> {
  const { before, by, action, outcome, limit = usualLimit } = wanted;
  const times: { since: string | undefined; until: string | undefined } = { since: undefined, until: undefined };
  for (const name of ["since", "until"] as const) {
    const text = wanted[name];
    if (text === undefined) continue;
    times[name] = instantText(text);
    const detail = `The query parameter ${name} has to be an ISO 8601 date and time with its offset, such as 2026-12-31T00:00:00Z.`;
    if (times[name] === undefined) return invalidQuery(name, text, detail);
  }
  return done({ before, by, action, outcome, limit, ...times });
}

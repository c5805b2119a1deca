import { caSet, caSetList, createCaSetRequest, renameCaSetRequest } from "@tcm/api-contract";
import { z } from "zod";
import { createCaSet } from "../../operations/ca-sets/create-ca-set.ts";
import type { OperationContext } from "../../operations/context.ts";
import { type ActivatedOn, getCaSet, listCaSets } from "../../operations/ca-sets/list-ca-sets.ts";
import { quotaHeaders } from "../../operations/quota.ts";
import { caSetTag, renameCaSet } from "../../operations/ca-sets/rename-ca-set.ts";
import { actorOf } from "../actor-of.ts";
import { type App, caSetParams, noQuery, query, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/ca-sets";

/** `+` is "and", `,` is "or"; a raw `+` arrives as a space. */
const activatedOn: Readonly<Record<string, ActivatedOn>> = {
  INACTIVE: "INACTIVE",
  STAGING: "STAGING",
  PRODUCTION: "PRODUCTION",
  "STAGING+PRODUCTION": "both",
  "PRODUCTION+STAGING": "both",
  "STAGING,PRODUCTION": "either",
  "PRODUCTION,STAGING": "either",
};

const activatedOnInWords = Object.keys(activatedOn)
  .map((value) => JSON.stringify(value))
  .join(", ");

const statuses = ["NOT_DELETED", "DELETING", "DELETED"] as const;

const listQuery = query({
  caSetNamePrefix: z
    .string()
    .regex(/^[A-Za-z0-9_.%-]{1,64}$/, "has to be 1 to 64 of A-Z a-z 0-9 _ - . %.")
    .optional(),
  activatedOn: z
    .string()
    .transform((text) => text.replace(" ", "+"))
    .refine((text) => Object.hasOwn(activatedOn, text), `has to be one of ${activatedOnInWords}.`)
    .optional(),
  caSetStatus: z
    .string()
    .transform((text) => text.split(","))
    .pipe(
      z.array(z.enum(statuses, `has to be one or several of ${statuses.join(", ")}, with commas between them.`)).min(1),
    )
    .default(["NOT_DELETED"]),
});

export function caSetRoutes(app: App, context: OperationContext): void {
  const write = { config: routeConfig("edit"), schema: { querystring: noQuery } };

  app.post(
    base,
    { ...write, schema: { ...write.schema, body: createCaSetRequest, response: { 201: caSet } } },
    async (request, reply) => {
      const { caSetName, description = null } = request.body;
      const outcome = await createCaSet(context, actorOf(request), { caSetName, description });
      const quota = outcome.ok ? await quotaHeaders(context, Number(outcome.value.caSetId)) : {};
      return send(reply, outcome, (created) => ({
        status: 201,
        headers: { location: created.caSetLink, etag: caSetTag(created), ...quota },
      }));
    },
  );

  app.get(
    base,
    { config: routeConfig("read", listQuery), schema: { querystring: listQuery, response: { 200: caSetList } } },
    async ({ query: wanted }) => {
      const on = wanted.activatedOn === undefined ? undefined : activatedOn[wanted.activatedOn];
      const caSets = await listCaSets(context, {
        namePrefix: wanted.caSetNamePrefix,
        activatedOn: on,
        statuses: wanted.caSetStatus,
      });
      return { caSets: [...caSets] };
    },
  );

  app.get(
    `${base}/:caSetId`,
    { config: routeConfig("read"), schema: { params: caSetParams, querystring: noQuery, response: { 200: caSet } } },
    async ({ params }, reply) =>
      send(reply, await getCaSet(context, params.caSetId), (found) => ({ headers: { etag: caSetTag(found) } })),
  );

  app.patch(
    `${base}/:caSetId`,
    { ...write, schema: { ...write.schema, params: caSetParams, body: renameCaSetRequest, response: { 200: caSet } } },
    async (request, reply) => {
      const { params, body, headers } = request;
      const ifMatch = headers["if-match"];
      const outcome = await renameCaSet(context, actorOf(request), params.caSetId, body, ifMatch);
      return send(reply, outcome, (renamed) => ({ headers: { etag: caSetTag(renamed) } }));
    },
  );
}

import { activityList, associations, caSet, cloneCaSetRequest, deletionStatus } from "@tcm/api-contract";
import { z } from "zod";
import { cloneCaSet } from "../../operations/ca-sets/clone-ca-set.ts";
import { deleteCaSet } from "../../operations/ca-sets/delete-ca-set.ts";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { quotaHeaders } from "../../operations/quota.ts";
import { listActivities } from "../../operations/history/read-activities.ts";
import { listAssociations } from "../../operations/ca-sets/read-associations.ts";
import { getDeletionStatus } from "../../operations/ca-sets/read-deletion.ts";
import { actorOf } from "../actor-of.ts";
import { sendProblem } from "../problem-reply.ts";
import { type App, askAgain, caSetParams, noQuery, query, routeConfig, send, wholeNumber } from "../route.ts";
import { timeRange } from "../time-range.ts";

const one = "/mtls-edge-truststore/v2/ca-sets/:caSetId";

const cloneQuery = query({
  cloneFromVersion: wholeNumber().optional(),
});
const rangeQuery = query({ start: z.string().optional(), end: z.string().optional() });
const associationQuery = query({ associationType: z.enum(["enrollments", "properties"]).optional() });

export function caSetRecordRoutes(app: App, context: DeploymentContext): void {
  deletionRoutes(app, context);

  app.post(
    `${one}/clone`,
    {
      config: routeConfig("edit", cloneQuery),
      schema: { params: caSetParams, querystring: cloneQuery, body: cloneCaSetRequest, response: { 201: caSet } },
    },
    async (request, reply) => {
      const { caSetName, description = null } = request.body;
      const wish = { caSetName, description, cloneFromVersion: request.query.cloneFromVersion };
      const outcome = await cloneCaSet(context, actorOf(request), request.params.caSetId, wish);
      if (!outcome.ok) return sendProblem(reply, outcome.problem);
      const { caSetId, caSetLink: location } = outcome.value;
      const headers = { location, ...(await quotaHeaders(context, Number(caSetId))) };
      return send(reply, outcome, () => ({ status: 201, headers }));
    },
  );

  app.get(
    `${one}/activities`,
    {
      config: routeConfig("read", rangeQuery),
      schema: { params: caSetParams, querystring: rangeQuery, response: { 200: activityList } },
    },
    async ({ params, query: wanted }, reply) => {
      const range = timeRange(wanted);
      return send(reply, range.ok ? await listActivities(context, params.caSetId, range.value) : range);
    },
  );

  app.get(
    `${one}/associations`,
    {
      config: routeConfig("read", associationQuery),
      schema: { params: caSetParams, querystring: associationQuery, response: { 200: associations } },
    },
    async ({ params, query: { associationType } }, reply) =>
      send(reply, await listAssociations(context, params.caSetId, associationType)),
  );
}

function deletionRoutes(app: App, context: DeploymentContext): void {
  app.delete(
    one,
    {
      config: routeConfig("edit"),
      schema: { params: caSetParams, querystring: noQuery, response: { 202: z.undefined() } },
    },
    async (request, reply) => {
      const outcome = await deleteCaSet(context, actorOf(request), request.params.caSetId);
      if (!outcome.ok) return sendProblem(reply, outcome.problem);
      return reply.code(202).header("location", outcome.value.statusLink).send(undefined);
    },
  );

  app.get(
    `${one}/status/delete`,
    {
      config: routeConfig("read"),
      schema: {
        params: caSetParams,
        querystring: noQuery,
        response: { 200: deletionStatus, 202: deletionStatus, 207: deletionStatus },
      },
    },
    async ({ params }, reply) =>
      send(reply, await getDeletionStatus(context, params.caSetId), ({ status, deletions }) => {
        if (status === "IN_PROGRESS") return { status: 202, headers: askAgain(context.clock()) };
        return { status: new Set(deletions.map((deletion) => deletion.status)).size > 1 ? 207 : 200 };
      }),
  );
}

import {
  changeEdgeNodeRequest,
  createJoinTokenRequest,
  edgeNode,
  edgeNodeList,
  encodeJoinToken,
  joinToken,
} from "@tcm/api-contract";
import { z } from "zod";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { drainNode } from "../../operations/edge-nodes/drain-node.ts";
import { getEdgeNode, listEdgeNodes } from "../../operations/edge-nodes/edge-nodes.ts";
import { createJoinToken } from "../../operations/edge-nodes/join-token.ts";
import { removeNode } from "../../operations/edge-nodes/remove-node.ts";
import { actorOf } from "../actor-of.ts";
import { sendList } from "../send-list.ts";
import { type App, noQuery, nodeParams, query, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/edge-nodes";

const wantedEntries = "has to be all, drifted, or one entry such as ca-set/7 or edge-certificate/3.";
const listQuery = query({
  entries: z
    .string()
    .regex(/^(all|drifted|(ca-set|edge-certificate)\/[1-9][0-9]{0,9})$/, wantedEntries)
    .default("all"),
});

export type Joining = { readonly urls: readonly string[]; readonly ca: string };

export function edgeNodeRoutes(app: App, context: DeploymentContext, { urls, ca }: Joining): void {
  const write = { config: routeConfig("change-edges") };
  const read = { config: routeConfig("read") };

  app.get(
    base,
    {
      config: routeConfig("read", listQuery),
      schema: { querystring: listQuery, response: { 200: edgeNodeList } },
    },
    async ({ query: { entries } }, reply) => sendList(reply, "edgeNodes", listEdgeNodes(context, entries)),
  );

  app.get(
    `${base}/:nodeId`,
    { ...read, schema: { params: nodeParams, querystring: noQuery, response: { 200: edgeNode } } },
    async ({ params }, reply) => send(reply, await getEdgeNode(context, params.nodeId)),
  );

  app.post(
    `${base}/join-tokens`,
    { ...write, schema: { querystring: noQuery, body: createJoinTokenRequest, response: { 201: joinToken } } },
    async (request, reply) => {
      const outcome = await createJoinToken(context, actorOf(request), request.body);
      if (!outcome.ok) return send(reply, outcome);
      const { secret, view } = outcome.value;
      const text = encodeJoinToken({ urls: [...urls], ca, secret });
      return reply.code(201).send({ joinToken: text, ...view });
    },
  );

  app.delete(
    `${base}/:nodeId`,
    { ...write, schema: { params: nodeParams, querystring: noQuery, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const outcome = await removeNode(context, actorOf(request), request.params.nodeId);
      return outcome.ok ? reply.code(204).send() : send(reply, outcome);
    },
  );

  app.patch(
    `${base}/:nodeId`,
    {
      ...write,
      schema: { params: nodeParams, querystring: noQuery, body: changeEdgeNodeRequest, response: { 200: edgeNode } },
    },
    async (request, reply) =>
      send(reply, await drainNode(context, actorOf(request), request.params.nodeId, request.body.drained)),
  );
}

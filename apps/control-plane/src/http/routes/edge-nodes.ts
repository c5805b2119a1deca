import { changeEdgeNodeRequest, edgeNode, edgeNodeList } from "@tcm/api-contract";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { drainNode } from "../../operations/drain-node.ts";
import { getEdgeNode, listEdgeNodes } from "../../operations/edge-nodes.ts";
import { actorOf } from "../actor-of.ts";
import { type App, noQuery, nodeParams, routeConfig, send } from "../route.ts";

const base = "/mtls-edge-truststore/v2/edge-nodes";

export function edgeNodeRoutes(app: App, context: DeploymentContext): void {
  const read = { config: routeConfig("read") };

  app.get(base, { ...read, schema: { querystring: noQuery, response: { 200: edgeNodeList } } }, async () => ({
    edgeNodes: [...(await listEdgeNodes(context))],
  }));

  app.get(
    `${base}/:nodeId`,
    { ...read, schema: { params: nodeParams, querystring: noQuery, response: { 200: edgeNode } } },
    async ({ params }, reply) => send(reply, await getEdgeNode(context, params.nodeId)),
  );

  app.patch(
    `${base}/:nodeId`,
    {
      config: routeConfig("change-edges"),
      schema: { params: nodeParams, querystring: noQuery, body: changeEdgeNodeRequest, response: { 200: edgeNode } },
    },
    async (request, reply) =>
      send(reply, await drainNode(context, actorOf(request), request.params.nodeId, request.body.drained)),
  );
}

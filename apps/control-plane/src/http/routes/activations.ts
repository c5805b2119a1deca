import {
  activation,
  activationList,
  activationNodes,
  type ActivationView,
  activationRequest,
  type ActivationRequest,
  excludeNodeRequest,
} from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { activateVersion } from "../../operations/activations/activate-version.ts";
import { cancelActivation, excludeNode } from "../../operations/activations/change-activation.ts";
import { deactivateVersion } from "../../operations/activations/deactivate-version.ts";
import type { DeploymentContext } from "../../operations/deployment-context.ts";
import { getActivation, getActivationNodes, listActivations } from "../../operations/activations/read-activations.ts";
import type { ActivationWish } from "../../operations/activations/refuse-activation.ts";
import { actorOf } from "../actor-of.ts";
import {
  activationParams,
  type App,
  askAgain,
  caSetParams,
  noQuery,
  routeConfig,
  send,
  versionParams,
} from "../route.ts";

const set = "/mtls-edge-truststore/v2/ca-sets/:caSetId";
const version = `${set}/versions/:version`;
const one = `${version}/activations/:activationId`;

export function activationRoutes(app: App, context: DeploymentContext): void {
  readRoutes(app, context);
  beginRoutes(app, context);
  const write = { config: routeConfig("deploy-staging") };
  const running = { params: activationParams, querystring: noQuery };

  app.post(
    `${one}/cancel`,
    { ...write, schema: { ...running, response: { 200: activation } } },
    async (request, reply) => send(reply, await cancelActivation(context, actorOf(request), request.params)),
  );

  app.post(
    `${one}/nodes/exclude`,
    { ...write, schema: { ...running, body: excludeNodeRequest, response: { 200: activationNodes } } },
    async (request, reply) =>
      send(reply, await excludeNode(context, actorOf(request), request.params, request.body.nodeId)),
  );
}

function beginRoutes(app: App, context: DeploymentContext): void {
  const schema = {
    params: versionParams,
    querystring: noQuery,
    body: activationRequest,
    response: { 202: activation },
  };
  const options = { config: routeConfig("deploy-staging"), schema };

  app.post(`${version}/activate`, options, async (request, reply) => {
    const { caSetId, version: number } = request.params;
    const wish = wishOf(number, request.body);
    const outcome = await activateVersion(context, actorOf(request), caSetId, wish, request.headers["if-match"]);
    return sendBegun(request, reply, outcome);
  });

  app.post(`${version}/deactivate`, options, async (request, reply) => {
    const { caSetId, version: number } = request.params;
    const wish = wishOf(number, request.body);
    const outcome = await deactivateVersion(context, actorOf(request), caSetId, wish);
    return sendBegun(request, reply, outcome);
  });
}

/** Long enough for a wave of clients that connect again. */
const usualObservationSeconds = 30;

function wishOf(number: number, { network, strategy, ...rest }: ActivationRequest): ActivationWish {
  const { observationSeconds = usualObservationSeconds, maxRefusedClients = 0 } = rest;
  const oneNodeFirst = { observationMs: observationSeconds * 1_000, maxRefusals: maxRefusedClients };
  return { version: number, network, ...(strategy === "ONE_NODE_FIRST" && { oneNodeFirst }) };
}

/** The log tells which activation a request has begun, so that its end is found from there. */
function sendBegun(request: FastifyRequest, reply: FastifyReply, outcome: Outcome<ActivationView>): FastifyReply {
  if (outcome.ok) {
    const { activationId, caSetId, version: number, network, activationType: type } = outcome.value;
    request.log.info({ activationId, caSetId, version: number, network, type }, "activation begun");
  }
  return send(reply, outcome, ({ activationLink }) => ({ status: 202, headers: { location: activationLink } }));
}

function readRoutes(app: App, context: DeploymentContext): void {
  const read = { config: routeConfig("read") };
  const list = { 200: activationList };

  app.get(
    `${set}/activations`,
    { ...read, schema: { params: caSetParams, querystring: noQuery, response: list } },
    async ({ params }, reply) => send(reply, present(await listActivations(context, params.caSetId))),
  );

  app.get(
    `${version}/activations`,
    { ...read, schema: { params: versionParams, querystring: noQuery, response: list } },
    async ({ params }, reply) => send(reply, present(await listActivations(context, params.caSetId, params.version))),
  );

  const schema = { params: activationParams, querystring: noQuery };
  app.get(
    one,
    { ...read, schema: { ...schema, response: { 200: activation, 202: activation } } },
    async ({ params }, reply) =>
      send(reply, await getActivation(context, params), ({ activationStatus }) =>
        activationStatus === "IN_PROGRESS" ? { status: 202, headers: askAgain(context.clock()) } : {},
      ),
  );

  app.get(
    `${one}/nodes`,
    { ...read, schema: { ...schema, response: { 200: activationNodes } } },
    async ({ params }, reply) => send(reply, await getActivationNodes(context, params)),
  );
}

function present(outcome: Awaited<ReturnType<typeof listActivations>>) {
  return outcome.ok ? { ok: true as const, value: { activations: [...outcome.value] } } : outcome;
}

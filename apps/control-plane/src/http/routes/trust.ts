import {
  effectiveTrust,
  trustChains,
  type VerifyRequest,
  verification,
  verifyRequest,
  versionDiff,
} from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import { z } from "zod";
import { compareVersions } from "../../operations/versions/compare-versions.ts";
import type { OperationContext } from "../../operations/context.ts";
import { versionTrust } from "../../operations/versions/read-trust.ts";
import { done } from "../../operations/refuse.ts";
import {
  type ClientToVerify,
  type Verification,
  verifyAgainstNetwork,
  verifyAgainstVersion,
} from "../../operations/versions/verify-client.ts";
import { missingQuery } from "../expiry-query.ts";
import { type App, caSetParams, noQuery, query, routeConfig, send, versionParams, wholeNumber } from "../route.ts";

const set = "/mtls-edge-truststore/v2/ca-sets/:caSetId";
const version = `${set}/versions/:version`;

const diffQuery = query({
  against: wholeNumber().optional(),
});
const networkQuery = query({ network: z.enum(["STAGING", "PRODUCTION"]).optional() });

/** What a version trusts, whom it lets in, and what another one would change. */
export function trustRoutes(app: App, context: OperationContext): void {
  verifyRoutes(app, context);
  const read = { config: routeConfig("read") };
  const one = { params: versionParams, querystring: noQuery };

  app.get(
    `${version}/trust-chains`,
    { ...read, schema: { ...one, response: { 200: trustChains } } },
    async ({ params: { caSetId, version: number } }, reply) =>
      send(reply, asJson(await versionTrust(context, caSetId, number), "trustChains")),
  );

  app.get(
    `${version}/effective-trust`,
    { ...read, schema: { ...one, response: { 200: effectiveTrust } } },
    async ({ params: { caSetId, version: number } }, reply) =>
      send(reply, asJson(await versionTrust(context, caSetId, number), "effectiveTrust")),
  );

  app.get(
    `${version}/diff`,
    {
      config: routeConfig("read", diffQuery),
      schema: { params: versionParams, querystring: diffQuery, response: { 200: versionDiff } },
    },
    async ({ params, query: { against } }, reply) => {
      if (against === undefined)
        return send(reply, missingQuery("against", "the number of the version to compare with"));
      return send(reply, await compareVersions(context, params.caSetId, { version: params.version, against }));
    },
  );
}

function verifyRoutes(app: App, context: OperationContext): void {
  app.post(
    `${version}/verify`,
    {
      config: routeConfig("read"),
      schema: { params: versionParams, querystring: noQuery, body: verifyRequest, response: { 200: verification } },
    },
    async ({ params, body }, reply) =>
      send(reply, present(await verifyAgainstVersion(context, params.caSetId, params.version, clientOf(body)), null)),
  );

  app.post(
    `${set}/verify`,
    {
      config: routeConfig("read", networkQuery),
      schema: { params: caSetParams, querystring: networkQuery, body: verifyRequest, response: { 200: verification } },
    },
    async ({ params, body, query: { network } }, reply) => {
      if (network === undefined) return send(reply, missingQuery("network", "STAGING or PRODUCTION"));
      return send(
        reply,
        present(await verifyAgainstNetwork(context, params.caSetId, network, clientOf(body)), network),
      );
    },
  );
}

function clientOf({ clientChainPem, time }: VerifyRequest): ClientToVerify {
  return { clientChainPem, time: time === undefined ? undefined : Math.floor(Date.parse(time) / 1000) };
}

function present(outcome: Outcome<Verification>, network: Network | null): Outcome<object> {
  if (!outcome.ok) return outcome;
  const { result, ...about } = outcome.value;
  return done({ ...about, network, ...result });
}

/** Plain data; the contract checks it on its way out. */
function asJson<T extends object, K extends keyof T>(outcome: Outcome<T>, part: K): Outcome<T[K]> {
  return outcome.ok ? done(outcome.value[part]) : outcome;
}

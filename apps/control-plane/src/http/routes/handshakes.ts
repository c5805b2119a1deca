import { handshakeSummary, seenClientList } from "@tcm/api-contract";
import { z } from "zod";
import type { OperationContext } from "../../operations/context.ts";
import { listSeenClients } from "../../operations/handshakes/list-seen-clients.ts";
import { bucketLengths, readHandshakes } from "../../operations/handshakes/read-handshakes.ts";
import { maxClients } from "../../operations/handshakes/let-in-before.ts";
import { missingQuery } from "../expiry-query.ts";
import { type App, caSetParams, query, routeConfig, send, wholeNumber } from "../route.ts";
import { timeRange } from "../time-range.ts";

const one = "/mtls-edge-truststore/v2/ca-sets/:caSetId";

const network = z.enum(["STAGING", "PRODUCTION"]).optional();
const anchor = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "has to be the SHA-256 of an anchor: 64 of 0-9 a-f.")
  .optional();
const bucket = z
  .enum(bucketLengths.map(String) as ["300", "3600", "86400"])
  .transform((text) => bucketLengths.find((length) => String(length) === text))
  .optional();
const limit = wholeNumber(maxClients).default(1_000);
const handshakeQuery = query({ network, start: z.string().optional(), end: z.string().optional(), bucket, anchor });
const clientQuery = query({ network, anchor, limit });

/** What edges saw of a set. */
export function handshakeRoutes(app: App, context: OperationContext): void {
  const missing = missingQuery("network", "STAGING or PRODUCTION");

  app.get(
    `${one}/handshakes`,
    {
      config: routeConfig("read", handshakeQuery),
      schema: { params: caSetParams, querystring: handshakeQuery, response: { 200: handshakeSummary } },
    },
    async ({ params: { caSetId }, query: wanted }, reply) => {
      if (wanted.network === undefined) return send(reply, missing);
      const range = timeRange(wanted);
      if (!range.ok) return send(reply, range);
      const { network: on, bucket: bucketSeconds, anchor: of } = wanted;
      const question = { caSetId, network: on, range: range.value, bucketSeconds, anchor: of };
      return send(reply, await readHandshakes(context, question));
    },
  );

  app.get(
    `${one}/clients`,
    {
      config: routeConfig("read", clientQuery),
      schema: { params: caSetParams, querystring: clientQuery, response: { 200: seenClientList } },
    },
    async ({ params: { caSetId }, query: { network: on, anchor: of, limit: most } }, reply) => {
      if (on === undefined) return send(reply, missing);
      return send(reply, await listSeenClients(context, { caSetId, network: on, anchor: of, limit: most }));
    },
  );
}

import type { FastifyBaseLogger } from "fastify";
import { auditedRequest } from "../audit/record-audit.ts";
import type { EndedActivation } from "../operations/deployment-context.ts";
import type { Metrics } from "./metrics.ts";

/** Counts and logs the end of every activation; with the request, when it was one that brought it about. */
export function watchActivations(metrics: Metrics, log: FastifyBaseLogger): (ended: EndedActivation) => void {
  return (ended) => {
    metrics.activationEnded(ended);
    log.info({ ...auditedRequest.getStore(), ...ended }, "activation ended");
  };
}

import type { FastifyBaseLogger } from "fastify";
import { auditedRequest } from "../audit/record-audit.ts";
import type { OpenedTrust } from "../operations/edge-certificates/open-trust.ts";
import type { Metrics } from "./metrics.ts";

/** Counts and logs, as a warning, every hostname that is guarded less than before. */
export function watchTrustOpenings(metrics: Metrics, log: FastifyBaseLogger): (opened: OpenedTrust) => void {
  return (opened) => {
    metrics.trustOpened(opened);
    log.warn({ ...auditedRequest.getStore(), ...opened }, "trust opened");
  };
}

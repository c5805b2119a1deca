import { randomUUID } from "node:crypto";
import type { ControlPlaneOptions } from "./control-plane-options.ts";
import type { Metrics } from "./observability/metrics.ts";
import { watchActivations } from "./observability/watch-activations.ts";
import { watchTrustOpenings } from "./observability/watch-trust-openings.ts";
import type { DeploymentContext } from "./operations/deployment-context.ts";
import { removedAnchorRefusals } from "./operations/handshakes/removed-anchor-refusals.ts";
import { defaultLimits } from "./operations/limits.ts";

/** There is one account: mETS names one in every answer. */
const accountId = "A-TCM";

/** A slow store and clocks that differ a little disconnect nobody. */
const heartbeatsOfContact = 4;

/** What operations work with in this process. */
export function processContext(
  { clock, log, limits, deploymentDeadlineMs, heartbeatIntervalMs }: ControlPlaneOptions,
  metrics: Metrics,
  parts: Pick<DeploymentContext, "store" | "fleet" | "validation">,
): DeploymentContext {
  return {
    ...parts,
    clock,
    accountId,
    limits: { ...defaultLimits, ...limits },
    deploymentDeadlineMs,
    controlPlaneId: randomUUID(),
    contactWithinMs: heartbeatsOfContact * heartbeatIntervalMs,
    removedAnchorRefusals,
    onActivationEnded: watchActivations(metrics, log),
    onTrustOpened: watchTrustOpenings(metrics, log),
    onHandshakes: (...taken) => metrics.handshakesTaken(...taken),
  };
}

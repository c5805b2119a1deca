import type { Permission } from "@tcm/api-contract";
import type { FastifyRequest } from "fastify";
import { auditedRequest, recordAudit } from "../audit/record-audit.ts";
import { timestamp } from "../operations/actor.ts";
import type { OperationContext } from "../operations/context.ts";
import { transaction } from "../store/store.ts";
import type { App } from "./route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Slug of the problem that was answered. */
    refusedFor: string | undefined;
  }
}

const deployments: readonly (Permission | undefined)[] = ["deploy-staging", "deploy-production", "change-edges"];
/** The operation has recorded this one, in the set's own record too. */
const recorded: ReadonlySet<string> = new Set(["certificate-validation-failure-activate"]);
/** Whoever is limited would fill the record with it. */
const unrecorded: ReadonlySet<string> = new Set(["rate-limit-exceeded", "unauthorized"]);

/** Every record names its request, and every refusal of a deployment is on the record, whatever it was refused for. */
export function auditRequests(app: App, context: OperationContext): void {
  app.decorateRequest("refusedFor", undefined);
  app.addHook("preHandler", (request, _reply, done) => auditedRequest.run({ requestId: request.id }, done));
  app.addHook("onSend", async (request) => {
    if (!isRefusedDeployment(request)) return;
    await auditedRequest
      .run({ requestId: request.id }, () => recordRefusal(request, context))
      .catch((error: unknown) => request.log.error({ err: error }, "a refusal could not be recorded"));
  });
}

function isRefusedDeployment({ method, actor, refusedFor = "", routeOptions }: FastifyRequest): boolean {
  if (actor === undefined || refusedFor === "" || method === "GET" || method === "HEAD") return false;
  return (
    deployments.includes(routeOptions.config.permission) && !recorded.has(refusedFor) && !unrecorded.has(refusedFor)
  );
}

async function recordRefusal(
  { method, url, actor, body, refusedFor = "" }: FastifyRequest,
  { store, clock }: OperationContext,
): Promise<void> {
  const { network } = (body ?? {}) as { readonly network?: unknown };
  const subject = {
    method,
    path: url.slice(0, 500),
    ...(typeof network === "string" && { network: network.slice(0, 20) }),
  };
  const event = { at: timestamp(clock()), by: actor?.name ?? "", action: "REFUSE_DEPLOYMENT", subject };
  await transaction(store, (queries) => recordAudit(queries, { ...event, outcome: refusedFor }));
}

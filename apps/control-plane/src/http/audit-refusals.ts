import type { Permission } from "@tcm/api-contract";
import type { FastifyRequest } from "fastify";
import { auditedRequest } from "../audit/record-audit.ts";
import type { OperationContext } from "../operations/context.ts";
import { type RefusedDeployment, recordRefusal } from "../operations/history/record-refusal.ts";
import { actorOf } from "./actor-of.ts";
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
/** Whoever is limited would fill the record with it; and a store that takes no writes does not take this one either. */
const unrecorded: ReadonlySet<string> = new Set([
  "rate-limit-exceeded",
  "unauthorized",
  "store-not-writable",
  "store-not-available",
  "store-damaged",
]);

/** Every record names its request, and every refusal of a deployment is on the record, whatever it was refused for. */
export function auditRequests(app: App, context: OperationContext): void {
  app.decorateRequest("refusedFor", undefined);
  app.addHook("preHandler", (request, _reply, done) => auditedRequest.run({ requestId: request.id }, done));
  app.addHook("onSend", async (request) => {
    if (!isRefusedDeployment(request)) return;
    await auditedRequest
      .run({ requestId: request.id }, () => recordRefusal(context, refusalOf(request)))
      .catch((error: unknown) => request.log.error({ err: error }, "a refusal could not be recorded"));
  });
}

function isRefusedDeployment({ method, actor, refusedFor = "", routeOptions }: FastifyRequest): boolean {
  if (actor === undefined || refusedFor === "" || method === "GET" || method === "HEAD") return false;
  return (
    deployments.includes(routeOptions.config.permission) && !recorded.has(refusedFor) && !unrecorded.has(refusedFor)
  );
}

function refusalOf(request: FastifyRequest): RefusedDeployment {
  const { method, url, body, refusedFor = "" } = request;
  const { network } = (body ?? {}) as { readonly network?: unknown };
  const where = typeof network === "string" ? { network: network.slice(0, 20) } : {};
  return { by: actorOf(request).name, reason: refusedFor, subject: { method, path: url.slice(0, 500), ...where } };
}

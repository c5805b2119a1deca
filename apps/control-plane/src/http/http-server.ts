import type { Problem } from "@tcm/core";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyBaseLogger, type FastifyReply, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { authenticate, refuseAccept, refuseForeignAccount, refuseForeignPage } from "./guard.ts";
import { limitRequests } from "./limit-requests.ts";
import { MethodTable } from "./method-table.ts";
import { collectRoutes } from "./openapi/route-list.ts";
import { newTraceId, sendProblem } from "./problem-reply.ts";
import { mediaTypeProblem, requestProblem } from "./request-problem.ts";
import type { App } from "./route.ts";
import { activationRoutes } from "./routes/activations.ts";
import { caSetRecordRoutes } from "./routes/ca-set-records.ts";
import { caSetRoutes } from "./routes/ca-sets.ts";
import { certificateRoutes } from "./routes/certificates.ts";
import { edgeCertificateRoutes } from "./routes/edge-certificates.ts";
import { edgeNodeRoutes } from "./routes/edge-nodes.ts";
import { eventRoutes } from "./routes/events.ts";
import { type Readiness, healthRoutes } from "./routes/health.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { trustRoutes } from "./routes/trust.ts";
import { versionRecordRoutes } from "./routes/version-records.ts";
import { versionRoutes } from "./routes/versions.ts";

/** 300 certificates of 16 kB as PEM inside JSON, with room. Enforced before a byte is parsed. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Broken percent encoding, or a part of the path that is longer than any name of ours. */
const unreadablePath: Problem = {
  slug: "path-variable-query-param-type-mismatch",
  detail: "The path of the address cannot be read.",
  contextInfo: { parameterName: "path" },
};

export type HttpOptions = {
  readonly context: DeploymentContext;
  readonly log: FastifyBaseLogger;
  readonly readiness: Readiness;
  /** Of streams of events. */
  readonly heartbeatIntervalMs: number;
};

/** The HTTP API, not yet listening. */
export async function buildHttpServer({ context, log, readiness, heartbeatIntervalMs }: HttpOptions): Promise<App> {
  const app = Fastify({
    loggerInstance: log,
    bodyLimit: maxBodyBytes,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    return503OnClosing: true,
    requestIdHeader: false,
    genReqId: newTraceId,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    // Such a request has no route, so that neither hooks nor the handler of faults see it.
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply as FastifyReply, unreadablePath),
    requestTimeout: 60_000,
    // Slow headers hold a socket each.
    http: { headersTimeout: 20_000, maxHeaderSize: 16_384 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptEmptyJson(app);
  await app.register(helmet, { contentSecurityPolicy: { directives: { "default-src": ["'none'"] } } });
  guardRoutes(app, context);
  limitRequests(app, context);
  answerFaults(app);
  const routes = collectRoutes(app);
  healthRoutes(app, readiness);
  referenceRoutes(app, routes);
  caSetRoutes(app, context);
  caSetRecordRoutes(app, context);
  versionRoutes(app, context);
  versionRecordRoutes(app, context);
  trustRoutes(app, context);
  certificateRoutes(app, context);
  activationRoutes(app, context);
  edgeCertificateRoutes(app, context);
  edgeNodeRoutes(app, context);
  eventRoutes(app, context, heartbeatIntervalMs);
  return app;
}

/** mETS clients put a content type on a POST without body. */
function acceptEmptyJson(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, String(body), done);
  });
}

function guardRoutes(app: App, context: DeploymentContext): void {
  const methods = new MethodTable();
  app.addHook("onRoute", ({ url, method }) => methods.add(url, [method].flat()));
  app.decorateRequest("actor", undefined);
  app.addHook("onRequest", async (request, reply) => {
    const problem =
      refuseForeignPage(request) ??
      (request.is404
        ? undefined
        : ((await authenticate(request, context)) ??
          refuseForeignAccount(request, context.accountId) ??
          refuseAccept(request)));
    if (problem !== undefined) return sendProblem(authenticateHeader(reply, problem), problem);
    return undefined;
  });
  app.addHook("onResponse", async ({ method, url, actor, log }, { statusCode, elapsedTime }) => {
    log.info(
      {
        method,
        url: url.slice(0, 500),
        statusCode,
        actor: actor?.name,
        elapsedMs: Math.round(elapsedTime),
      },
      "request",
    );
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.allowed(request.url.split("?")[0] ?? "");
    if (allowed.length === 0)
      return sendProblem(reply, { slug: "resource-not-found", detail: "There is nothing at this address." });
    reply.header("allow", allowed.join(", "));
    return sendProblem(reply, {
      slug: "method-not-allowed",
      detail: `This address answers to ${allowed.join(", ")}.`,
      contextInfo: { allowedMethods: allowed },
    });
  });
}

function authenticateHeader<T extends { header(name: string, value: string): T }>(reply: T, { slug }: Problem): T {
  return slug === "unauthorized" ? reply.header("www-authenticate", "Bearer") : reply;
}

/** A bug answers with its trace id and nothing else; the log has the rest. */
function answerFaults(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const fault = error as Parameters<typeof requestProblem>[0];
    const hasForeignBody = fault.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE";
    const problem = hasForeignBody ? mediaTypeProblem(request.headers["content-type"]) : requestProblem(fault, request);
    if (problem !== undefined) return sendProblem(reply, problem);
    request.log.error({ err: error }, "request failed");
    return sendProblem(reply, {
      slug: "internal-error",
      detail: `Something went wrong here; the log has the details under request ${request.id}.`,
      contextInfo: { requestId: request.id },
    });
  });
}

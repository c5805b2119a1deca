import type { Problem } from "@tcm/core";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { IdentityContext } from "../identity/identity-context.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { Readiness } from "../observability/readiness.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import type { RotationContext } from "../operations/signing-keys/rotate-signing-key.ts";
import { storeFault } from "../operations/store-fault.ts";
import { answerExpectations } from "./expect-continue.ts";
import { auditRequests } from "./audit-refusals.ts";
import { type Authentication, authenticate, signedPayload } from "./authenticate.ts";
import { type ConsolePages, openConsolePages } from "./console-pages.ts";
import { bodyText } from "./body-text.ts";
import { refuseAccept, refuseForeignAccount } from "./guard.ts";
import { limitRequests } from "./limit-requests.ts";
import { MethodTable } from "./method-table.ts";
import { collectRoutes } from "./openapi/route-list.ts";
import { newTraceId, sendProblem } from "./problem-reply.ts";
import { type PublicAddress, refuseForeignPage } from "./public-address.ts";
import { mediaTypeProblem, requestProblem, UndecodedBody } from "./request-problem.ts";
import type { App } from "./route.ts";
import { closeConnectionsWhen } from "./stop-serving.ts";
import { answerUnreadable } from "./unreadable-request.ts";
import { boundUnknownCallers, unknownRoom } from "./unknown-callers.ts";
import { activationRoutes } from "./routes/activations.ts";
import { auditRoutes } from "./routes/audit.ts";
import { caSetRecordRoutes } from "./routes/ca-set-records.ts";
import { caSetRoutes } from "./routes/ca-sets.ts";
import { certificateRoutes } from "./routes/certificates.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { edgeCertificateRoutes } from "./routes/edge-certificates.ts";
import { edgeNodeRoutes, type Joining } from "./routes/edge-nodes.ts";
import { eventRoutes } from "./routes/events.ts";
import { handshakeRoutes } from "./routes/handshakes.ts";
import { healthRoutes } from "./routes/health.ts";
import { countRequests, metricsRoutes } from "./routes/metrics.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { oidcRoutes } from "./routes/oidc.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { signingKeyRoutes } from "./routes/signing-keys.ts";
import { trustRoutes } from "./routes/trust.ts";
import { userRoutes } from "./routes/users.ts";
import { versionRecordRoutes } from "./routes/version-records.ts";
import { versionRoutes } from "./routes/versions.ts";

/** 300 certificates of 16 kB as PEM inside JSON, with room. Enforced before a byte is parsed. */
const maxBodyBytes = 8 * 1024 * 1024;
/** A name, a password, a link: decoding 8 MiB of JSON takes seconds, which nobody unknown may ask for. */
const maxBodyBytesOfAnybody = 16 * 1024;

/** Broken percent encoding, or a part of the path that is longer than any name of ours. */
const unreadablePath: Problem = {
  slug: "path-variable-query-param-type-mismatch",
  detail: "The path of the address cannot be read.",
  contextInfo: { parameterName: "path" },
};

/** Answers of the API are no pages: nothing in them loads, runs or is framed. Pages have a policy of their own. */
const apiPolicy = { useDefaults: false, directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] } };

/** Certificate chain and key, PEM. */
export type ServerTls = { readonly cert: string; readonly key: string };

export type HttpOptions = {
  readonly context: DeploymentContext;
  readonly identity: IdentityContext;
  readonly succeedKey: RotationContext["succeedKey"];
  readonly address: PublicAddress;
  /** Undefined: plain HTTP, for loopback alone. */
  readonly tls?: ServerTls | undefined;
  readonly log: FastifyBaseLogger;
  readonly readiness: Readiness;
  /** Once true, connections are closed after their answer. */
  readonly isStopping: () => boolean;
  readonly metrics: Metrics;
  /** Where the built console lies; undefined: there is the API alone. */
  readonly consoleDirectory?: string | undefined;
  /** What a join token tells a new node: where nodes connect, and the hash of the CA that is shown there. */
  readonly joining: Joining;
  /** Of streams of events. */
  readonly heartbeatIntervalMs: number;
};

/** The HTTP API, not yet listening. */
export async function buildHttpServer(options: HttpOptions): Promise<App> {
  const { context, identity, address, log, readiness, metrics, heartbeatIntervalMs } = options;
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
    clientErrorHandler: answerUnreadable,
    requestTimeout: 60_000,
    ...connectionOptions(options.tls),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptEmptyJson(app);
  countRequests(app, metrics);
  closeConnectionsWhen(options.isStopping, app);
  answerExpectations(app);
  await app.register(helmet, { contentSecurityPolicy: apiPolicy, xFrameOptions: { action: "deny" } });
  await app.register(cookie);
  const pages =
    options.consoleDirectory === undefined ? undefined : await openConsolePages(app, options.consoleDirectory);
  guardRoutes(app, context, { identity, address }, pages);
  boundUnknownCallers(app, unknownRoom, () => performance.now());
  auditRequests(app, context);
  limitRequests(app, context);
  answerFaults(app);
  const routes = collectRoutes(app);
  healthRoutes(app, readiness);
  metricsRoutes(app, metrics);
  referenceRoutes(app, routes);
  caSetRoutes(app, context);
  caSetRecordRoutes(app, context);
  versionRoutes(app, context);
  versionRecordRoutes(app, context);
  trustRoutes(app, context);
  handshakeRoutes(app, context);
  certificateRoutes(app, context);
  activationRoutes(app, context);
  edgeCertificateRoutes(app, context);
  edgeNodeRoutes(app, context, options.joining);
  overviewRoutes(app, context);
  eventRoutes(app, context, heartbeatIntervalMs);
  sessionRoutes(app, { identity, address });
  oidcRoutes(app, { identity, address });
  userRoutes(app, identity);
  credentialRoutes(app, identity);
  auditRoutes(app, context);
  signingKeyRoutes(app, { ...context, succeedKey: options.succeedKey });
  return app;
}

/**
 * Slow headers hold a socket each, and so does a handshake that does not end, to which Node would give two minutes. The types of the
 * framework know one kind of server at a time; the options are the same.
 */
function connectionOptions(tls: ServerTls | undefined): { readonly http: object } {
  const limits = { headersTimeout: 20_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 };
  if (tls === undefined) return { http: limits };
  const https = { ...limits, ...tls, minVersion: "TLSv1.2", handshakeTimeout: 10_000 };
  return { https } as unknown as { readonly http: object };
}

/** mETS clients put a content type on a POST without body. */
function acceptEmptyJson(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const text = bodyText(request, body as Buffer);
    if (!text.ok) done(new UndecodedBody(text.problem));
    else if (text.value === "") done(null, undefined);
    else void parse(request, text.value, done);
  });
}

function guardRoutes(
  app: App,
  context: DeploymentContext,
  authentication: Authentication,
  pages: ConsolePages | undefined,
): void {
  const methods = new MethodTable();
  app.addHook("onRoute", (options) => {
    methods.add(options.url, [options.method].flat());
    if (options.config?.permission === undefined) options.bodyLimit = maxBodyBytesOfAnybody;
  });
  app.decorateRequest("actor", undefined);
  app.decorateRequest("credential", undefined);
  app.decorateRequest("signedBody", undefined);
  app.decorateRequest("mayStillRead", mayNot);
  app.addHook("onRequest", async (request, reply) => {
    const foreign = refuseForeignPage(request, authentication.address);
    if (foreign !== undefined) return sendProblem(reply, foreign);
    // Here and not in a handler, which would come after the body was read and decoded.
    if (request.is404) return pages?.answer(request, reply) ?? answerUnknown(request, reply, methods);
    const problem =
      (await authenticate(request, authentication)) ??
      refuseForeignAccount(request, context.accountId) ??
      refuseAccept(request);
    if (problem !== undefined) return sendProblem(authenticateHeader(reply, problem), problem);
    request.askForBody();
    return undefined;
  });
  app.addHook("preParsing", async (request) => signedPayload(request));
  app.addHook("preHandler", async (request, reply) => {
    // A body may take a minute to come, and who sends it may have been shut out meanwhile.
    if (request.actor === undefined || request.body === undefined || (await request.mayStillRead())) return undefined;
    const ended = { slug: "unauthorized", detail: "The account or the token that asked for this has ended." } as const;
    return sendProblem(authenticateHeader(reply, ended), ended);
  });
  app.addHook("onResponse", async ({ method, url, params, actor, log }, { statusCode, elapsedTime }) => {
    log.info(
      {
        method,
        // Without the query: a provider's sign-in code is in it.
        url: pathOf(url).slice(0, 500),
        statusCode,
        actor: actor?.name,
        activationId: (params as { readonly activationId?: unknown } | undefined)?.activationId,
        elapsedMs: Math.round(elapsedTime),
      },
      "request",
    );
  });
}

function answerUnknown({ url }: FastifyRequest, reply: FastifyReply, methods: MethodTable): FastifyReply {
  const allowed = methods.allowed(pathOf(url));
  if (allowed.length === 0)
    return sendProblem(reply, { slug: "resource-not-found", detail: "There is nothing at this address." });
  reply.header("allow", allowed.join(", "));
  return sendProblem(reply, {
    slug: "method-not-allowed",
    detail: `This address answers to ${allowed.join(", ")}.`,
    contextInfo: { allowedMethods: allowed },
  });
}

function pathOf(url: string): string {
  return url.split("?")[0] ?? "";
}

/** Until somebody is known. */
async function mayNot(): Promise<boolean> {
  return false;
}

function authenticateHeader<T extends { header(name: string, value: string): T }>(reply: T, { slug }: Problem): T {
  return slug === "unauthorized" ? reply.header("www-authenticate", "Bearer") : reply;
}

/** A bug answers with its trace id and nothing else, and a fault of the store with what can be mended; the log has the rest. */
function answerFaults(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const fault = error as Parameters<typeof requestProblem>[0];
    const hasForeignBody = fault.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE";
    const problem = hasForeignBody ? mediaTypeProblem(request.headers["content-type"]) : requestProblem(fault, request);
    if (problem !== undefined) return sendProblem(reply, problem);
    request.log.error({ err: error }, "request failed");
    const { slug, detail } = storeFault(error) ?? somethingElse;
    return sendProblem(reply, {
      slug,
      detail: `${detail} The log has the details under request ${request.id}.`,
      contextInfo: { requestId: request.id },
    });
  });
}

const somethingElse = { slug: "internal-error", detail: "Something went wrong here." } as const;

import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as openHttp } from "node:http";
import type { ServerResponse } from "node:http";
import { Agent as HttpsAgent, request as openHttps } from "node:https";
import { isIP } from "node:net";
import { pipeline } from "node:stream";
import type { EdgeLimits } from "./edge-limits.ts";
import type { GroupedFields } from "./field-names.ts";
import { answerProblem, edgeProblems } from "./problem-answer.ts";
import { downstreamFields } from "./upstream-fields.ts";

export type Forwarded = {
  readonly upstream: URL;
  readonly path: string;
  readonly fields: GroupedFields;
};

type ProxyLimits = Pick<EdgeLimits, "upstreamTimeoutMs" | "maxUpstreamRequests">;

/**
 * Hands requests on and streams both bodies; nothing is kept but what the sockets' buffers hold. What is too much is answered at once
 * and not put in a queue, where nobody knows how long it waits.
 */
export class ReverseProxy {
  readonly #limits: ProxyLimits;
  readonly #onFault: (upstream: URL, code: string) => void;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  #waiting = 0;

  constructor(limits: ProxyLimits, onFault: (upstream: URL, code: string) => void) {
    this.#limits = limits;
    this.#onFault = onFault;
  }

  forward(request: IncomingMessage, response: ServerResponse, forwarded: Forwarded): void {
    if (this.#waiting >= this.#limits.maxUpstreamRequests) return this.#refuse(response, forwarded.upstream);
    const exchange = this.#open(request, forwarded);
    this.#waiting++;
    exchange.once("close", () => this.#waiting--);
    response.once("close", () => exchange.destroy());
    exchange.on("timeout", () => {
      // While the client still sends, the silence is its own, and the listener's limit on idling ends it.
      if (request.complete) this.#fail(response, exchange, forwarded.upstream, "timeout");
    });
    exchange.once("upgrade", (_answer, socket) => {
      // Nothing was asked to be upgraded. Without a listener Node drops the socket and says nothing.
      socket.destroy();
      this.#fail(response, exchange, forwarded.upstream, "upgrade-unasked");
    });
    exchange.once("response", (answer) => {
      exchange.setTimeout(0);
      // Without an Upgrade field Node takes it for an answer, and would give the connection to the next client.
      if (answer.statusCode === 101) return this.#fail(response, exchange, forwarded.upstream, "upgrade-unasked");
      try {
        passOn(request, answer, response);
      } catch {
        // A status or a field that the parser lets through and a writer may not send.
        this.#fail(response, exchange, forwarded.upstream, "invalid-answer");
      }
    });
    exchange.on("error", (error: NodeJS.ErrnoException) => {
      const isStale = exchange.reusedSocket && error.code === "ECONNRESET" && canRepeat(request);
      if (isStale && !response.headersSent && !response.destroyed) this.forward(request, response, forwarded);
      else this.#fail(response, exchange, forwarded.upstream, error.code ?? "error");
    });
    if (hasBody(request)) request.pipe(exchange);
    else exchange.end();
    // A body that nobody reads any more must not hold the connection.
    exchange.once("close", () => request.unpipe(exchange).resume());
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #open(request: IncomingMessage, { upstream, path, fields }: Forwarded): ClientRequest {
    const isSecure = upstream.protocol === "https:";
    const host = upstream.hostname.replace(/^\[|\]$/g, "");
    const options = {
      host,
      port: upstream.port || (isSecure ? 443 : 80),
      method: request.method,
      path,
      headers: fields,
      timeout: this.#limits.upstreamTimeoutMs,
    };
    if (!isSecure) return openHttp({ ...options, agent: this.#http });
    return openHttps({ ...options, ...checkedAs(host), agent: this.#https });
  }

  #refuse(response: ServerResponse, upstream: URL): void {
    this.#onFault(upstream, "too-many-requests");
    answerProblem(response, edgeProblems.upstreamBusy);
  }

  /** Once the upstream's answer has begun, only cutting it short tells the client that the rest is missing. */
  #fail(response: ServerResponse, exchange: ClientRequest, upstream: URL, code: string): void {
    exchange.destroy();
    if (response.destroyed || response.writableEnded) return;
    this.#onFault(upstream, code);
    if (response.headersSent) response.destroy();
    else answerProblem(response, code === "timeout" ? edgeProblems.upstreamTimeout : edgeProblems.upstreamUnreachable);
  }
}

/**
 * RFC 9525 §6.1: whose certificate is wanted comes from the configuration. Node would take the name from Host, which the client chose.
 * Said aloud, as NODE_TLS_REJECT_UNAUTHORIZED=0 would turn the check off. An address is in no SNI (RFC 6066 §3).
 */
function checkedAs(host: string) {
  return { servername: isIP(host) === 0 ? host : "", rejectUnauthorized: true };
}

function passOn(request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): void {
  // The rest of the request is not read: another request cannot follow on the connection.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, downstreamFields(answer.rawHeaders));
  pipeline(answer, response, (error) => {
    if (error) response.destroy();
  });
}

/** RFC 9112 §6.3: a request has a body exactly when one of these says so. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** RFC 9110 §9.2.2, and nothing of it was consumed: the upstream had closed an idle connection just as we took it. */
function canRepeat(request: IncomingMessage): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(request.method ?? "") && !hasBody(request);
}

import type { FastifyRequest } from "fastify";
import type { App } from "./route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Tells a client that waits with its body to send it; any other client is told nothing. */
    askForBody: () => void;
  }
}

/**
 * RFC 9110 §10.1.1: a client may ask before it sends its body. The answer is given when it is known whom the request is for and who
 * sends it, and not by the server on its own. A client that is refused has not sent the body, so that its connection ends.
 */
export function answerExpectations(app: App): void {
  app.server.on("checkContinue", (request, response) => app.server.emit("request", request, response));
  const asked = new WeakSet<FastifyRequest>();
  app.decorateRequest("askForBody", () => undefined);
  app.addHook("onRequest", async (request, reply) => {
    if (!isWaiting(request)) return;
    request.askForBody = () => {
      if (!asked.has(request)) reply.raw.writeContinue();
      asked.add(request);
    };
  });
  app.addHook("onSend", async (request, reply) => {
    if (isWaiting(request) && !asked.has(request)) reply.header("connection", "close");
  });
}

function isWaiting({ headers }: FastifyRequest): boolean {
  return headers.expect?.toLowerCase() === "100-continue";
}

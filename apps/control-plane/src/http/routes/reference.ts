import { problemTypePrefix } from "@tcm/api-contract";
import { type ProblemSlug, problemCatalogue } from "@tcm/core";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { pagePolicy } from "../openapi/html.ts";
import { openApiDocument } from "../openapi/openapi-document.ts";
import { problemPage, referencePage } from "../openapi/reference-page.ts";
import type { RegisteredRoute } from "../openapi/route-list.ts";
import { sendProblem } from "../problem-reply.ts";
import type { App } from "../route.ts";

/** Open to all: it says what the API is, and nothing of what is in it. Written once all routes are known. */
export function referenceRoutes(app: App, routes: readonly RegisteredRoute[]): void {
  let json = "";
  let page = "";
  app.addHook("onReady", async () => {
    const document = openApiDocument(routes);
    json = JSON.stringify(document);
    page = referencePage(document);
  });
  const html = { config: { produces: ["text/html"] } };

  app.get("/openapi.json", async (_request, reply) => reply.type("application/json").serializer(String).send(json));
  app.get("/reference", html, async (_request, reply) => sendPage(reply, page));

  app.get(
    `${problemTypePrefix}:slug`,
    { ...html, schema: { params: z.object({ slug: z.string().max(100) }) } },
    async ({ params: { slug } }, reply) =>
      isSlug(slug)
        ? sendPage(reply, problemPage(slug))
        : sendProblem(reply, { slug: "resource-not-found", detail: "There is no problem of that type." }),
  );
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .header("content-security-policy", pagePolicy)
    .type("text/html; charset=utf-8")
    .serializer(String)
    .send(page);
}

function isSlug(slug: string): slug is ProblemSlug {
  return Object.hasOwn(problemCatalogue, slug);
}

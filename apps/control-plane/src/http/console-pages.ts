import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { apiBasePath } from "@tcm/api-contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./route.ts";

/** Everything comes from here and nothing runs that is written into a page; pictures in style sheets are data. */
export const consolePolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const yearSeconds = 31_536_000;

export type ConsolePages = {
  /** Answers what a browser asks for and no route knows; undefined: it is not the console's. */
  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined;
};

/**
 * The built console in `directory`. Its pages follow the URL, so that every address outside the API is its one page, and the page
 * itself says what is not there. Undefined: it was not built.
 */
export async function openConsolePages(app: App, directory: string): Promise<ConsolePages | undefined> {
  if (!existsSync(join(directory, "index.html"))) return undefined;
  // Listed once, so that a request can name no other file.
  const files = new Set(readdirSync(directory, { recursive: true, encoding: "utf8" }).map((path) => `/${path}`));
  await app.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, cacheControl: false });
  return {
    answer: ({ method, url, headers }, reply) => {
      const path = url.split("?")[0] ?? "";
      if (method !== "GET" && method !== "HEAD") return undefined;
      if (files.has(path) && path.includes(".") && path !== "/index.html") return sendFile(reply, path);
      const isPage =
        !path.startsWith(apiBasePath) && !path.includes(".") && (headers.accept?.includes("text/html") ?? false);
      return isPage ? sendPage(reply) : undefined;
    },
  };
}

function sendFile(reply: FastifyReply, path: string): FastifyReply {
  // Names in assets/ change with their content.
  const caching = path.startsWith("/assets/") ? `public, max-age=${yearSeconds}, immutable` : "no-cache";
  return reply.header("cache-control", caching).sendFile(path.slice(1));
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply
    .header("content-security-policy", consolePolicy)
    .header("cache-control", "no-cache")
    .sendFile("index.html");
}

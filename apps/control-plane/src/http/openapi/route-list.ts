import type { RouteOptions } from "fastify";
import { z } from "zod";
import type { App } from "../route.ts";

/** A route as it is registered: what validates is what is documented. */
export type RegisteredRoute = {
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  /** undefined: open to all. */
  readonly permission: string | undefined;
  readonly produces: readonly string[] | undefined;
  readonly params: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly responses: Readonly<Record<string, z.ZodType>>;
};

declare module "fastify" {
  interface FastifyInstance {
    /** In the order of their registration. */
    registeredRoutes: readonly RegisteredRoute[];
  }
}

/** Fills up as routes are registered after it. */
export function collectRoutes(app: App): readonly RegisteredRoute[] {
  const routes: RegisteredRoute[] = [];
  app.addHook("onRoute", (options) => {
    for (const method of [options.method].flat()) if (method !== "HEAD") routes.push(describeRoute(method, options));
  });
  app.decorate("registeredRoutes", routes);
  return routes;
}

function describeRoute(method: string, { url, config, schema }: RouteOptions): RegisteredRoute {
  const isObject = (value: unknown): value is z.ZodObject => value instanceof z.ZodObject;
  const { params, querystring, body, response } = schema ?? {};
  return {
    method,
    path: url.replace(/:([A-Za-z]+)/g, "{$1}"),
    permission: config?.permission,
    produces: config?.produces,
    params: isObject(params) ? params : undefined,
    query: isObject(querystring) ? querystring : undefined,
    body: body instanceof z.ZodType ? body : undefined,
    responses: (response ?? {}) as Readonly<Record<string, z.ZodType>>,
  };
}

import type { FastifyRequest } from "fastify";
import type { Actor } from "../operations/actor.ts";

/** Who asks, on a route that asks for a permission. */
export function actorOf({ actor }: Pick<FastifyRequest, "actor">): Actor {
  if (actor === undefined) throw new Error("the route asks for no permission, and its handler wants an actor");
  return actor;
}

import type { FastifyRequest } from "fastify";
import type { Actor } from "../operations/actor.ts";

/** Who asks, on a route that demands a role. */
export function actorOf({ actor }: Pick<FastifyRequest, "actor">): Actor {
  if (actor === undefined) throw new Error("the route demands no role, and its handler wants an actor");
  return actor;
}

import Fastify from "fastify";

/**
 * The named peer: a bare Fastify, without schemas, store or right, that answers with an object it has in memory. `POST /NAME` sets it. Tells
 * its parent the port.
 */
const app = Fastify({ bodyLimit: 64 * 1024 * 1024 });
const bodies = new Map<string, unknown>();
app.post<{ Params: { name: string } }>("/:name", async ({ params, body }) => {
  bodies.set(params.name, body);
  return { kept: true };
});
app.get<{ Params: { name: string } }>("/:name", async ({ params }) => bodies.get(params.name));
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.(url);
process.on("disconnect", () => process.exit(0));

import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/**
 * Sends `{ [name]: items }` as the items come, so that neither memory nor the first byte depends on how many there are. A fault
 * on the way breaks the connection off: half a document is never taken for a whole one.
 * One item at most is made ahead: a stream of objects would make sixteen, which on the embedded store comes before the first is sent.
 */
export function sendList(reply: FastifyReply, name: string, items: AsyncIterable<object>): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(Readable.from(jsonList(name, items), { highWaterMark: 1 }));
}

async function* jsonList(name: string, items: AsyncIterable<object>): AsyncGenerator<string> {
  let before = `{${JSON.stringify(name)}:[`;
  for await (const item of items) {
    yield before + JSON.stringify(item);
    before = ",";
  }
  yield before === "," ? "]}" : `${before}]}`;
}

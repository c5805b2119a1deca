import { connect } from "node:net";
import { EngineAway } from "../trust-files/engine-away.ts";

const timeoutMs = 10_000;
/** `show fd` of ten thousand connections takes about six. */
const maxAnswer = 64 * 1024 * 1024;

/**
 * One line of commands for HAProxy's runtime or master socket, and its whole answer. Rejects when the socket is not there, or
 * the answer does not end in time.
 */
export function runtimeCommand(socketPath: string, command: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let length = 0;
  // The master socket stays open for more until the other side has said that there is none.
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error("no answer in time")));
  socket.on("connect", () => socket.end(`${command}\n`));
  socket.on("data", (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > maxAnswer) socket.destroy(new Error("the answer does not end"));
  });
  socket.on("error", (error) => reject(new EngineAway(`HAProxy does not answer at ${socketPath}: ${error.message}`)));
  socket.on("close", () => resolve(Buffer.concat(chunks).toString("utf8").trim()));
  return promise;
}

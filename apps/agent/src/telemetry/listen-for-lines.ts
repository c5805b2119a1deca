import { once } from "node:events";
import { chmod, rm, stat } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { maxLogLineBytes } from "@tcm/edge";
import { StartError } from "../start-error.ts";
import { LogLines } from "./log-lines.ts";

export type LineSource = { close(): Promise<void> };

/** Each process of the proxy has one, and those of before a reload go on for a while. */
const maxConnections = 64;

/**
 * Listens on a Unix socket for lines, as HAProxy's ring sends them. The socket's directory says who may reach it; the socket itself is for
 * the owner and the group. Throws a StartError where it cannot listen, or something else than a socket is there.
 */
export async function listenForLines(path: string, onLine: (line: string) => void): Promise<LineSource> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isSocket()) throw new StartError(`${path} is there and is not a socket.`);
  // Of an agent that ended hard: the data directory is locked, so that no other one of this node can be running.
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    const lines = new LogLines(maxLogLineBytes, onLine);
    socket.on("data", (chunk: Buffer) => lines.push(chunk));
  });
  server.maxConnections = maxConnections;
  server.listen(path);
  await once(server, "listening").catch((cause: unknown) => {
    throw new StartError(`The agent cannot listen at ${path}.`, { cause });
  });
  await chmod(path, 0o660);
  return {
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

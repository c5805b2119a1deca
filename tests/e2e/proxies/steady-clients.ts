import { Agent, request } from "node:https";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { connect, type TLSSocket } from "node:tls";
import type { TestCertificate } from "@tcm/testkit";

export type Door = { readonly port: number; readonly hostname: string };

/** The status of one request, or the code of the error that ended it; on a connection of its own without an agent. */
export async function ask(
  { port, hostname }: Door,
  { chainPem, privateKeyPem }: Pick<TestCertificate, "chainPem" | "privateKeyPem">,
  agent: Agent | false = false,
): Promise<number | string> {
  const outgoing = request({
    host: "127.0.0.1",
    port,
    servername: hostname,
    headers: { host: hostname },
    cert: chainPem,
    key: privateKeyPem,
    // Who the server is says nothing about whom it lets in.
    rejectUnauthorized: false,
    agent,
  });
  outgoing.end();
  try {
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    await text(incoming);
    return incoming.statusCode ?? "none";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A connection that has had one answer, and is kept. */
export async function openConnection({ port, hostname }: Door, client: TestCertificate): Promise<TLSSocket> {
  const identity = { cert: client.chainPem, key: client.privateKeyPem };
  const socket = connect({ host: "127.0.0.1", port, servername: hostname, rejectUnauthorized: false, ...identity });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString("latin1").startsWith("HTTP/1.1 200")) throw new Error(answer.toString("latin1"));
  return socket.resume();
}

/** Clients of one CA at one door, until they are told to stop: some with a new connection for each request, some that keep theirs. */
export class SteadyClients {
  readonly fresh: (number | string)[] = [];
  readonly kept: (number | string)[] = [];
  #isOver = false;
  readonly #running: Promise<unknown>;

  constructor(door: Door, client: TestCertificate) {
    const agents = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const keeping = agents.map(async (agent) => {
      while (!this.#isOver) {
        this.kept.push(await ask(door, client, agent));
        await new Promise((resume) => setTimeout(resume, 10));
      }
      agent.destroy();
    });
    const coming = Array.from({ length: 2 }, async () => {
      while (!this.#isOver) this.fresh.push(await ask(door, client));
    });
    this.#running = Promise.all([...keeping, ...coming]);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }
}

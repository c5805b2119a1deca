import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { once } from "node:events";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import type { ClientOptions, TlsVersion } from "./openssl-client.ts";

const nodeVersions: Readonly<Record<TlsVersion, SecureVersion>> = { tls1_2: "TLSv1.2", tls1_3: "TLSv1.3" };

/** One TLS connection on which requests follow each other, as clients with connection pools hold them. */
export class KeptConnection {
  readonly #socket: TLSSocket;
  readonly #agent: Agent;
  readonly #hostname: string;

  private constructor(socket: TLSSocket, hostname: string) {
    this.#socket = socket;
    this.#hostname = hostname;
    this.#agent = new Agent({ keepAlive: true });
    // Every request goes over this one socket, or fails.
    this.#agent.createConnection = () => socket;
    socket.on("error", () => undefined);
  }

  static async open({
    instance,
    network,
    hostname,
    client,
    version = "tls1_3",
  }: ClientOptions): Promise<KeptConnection> {
    const socket = connect({
      host: "127.0.0.1",
      port: instance.port(network),
      servername: hostname,
      ca: readFileSync(instance.serverCaFile),
      minVersion: nodeVersions[version],
      maxVersion: nodeVersions[version],
      ...(client && { cert: readFileSync(client.chainFile), key: readFileSync(client.keyFile) }),
    });
    await once(socket, "secureConnect");
    return new KeptConnection(socket, hostname);
  }

  /** The status of the answer; "closed" when the connection gives none. */
  get(): Promise<number | "closed"> {
    if (this.#socket.destroyed) return Promise.resolve("closed");
    return new Promise((resolve) => {
      const sent = request({ agent: this.#agent, host: this.#hostname, path: "/", headers: { host: this.#hostname } });
      sent.once("error", () => resolve("closed"));
      sent.once("response", (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
        response.once("error", () => resolve("closed"));
      });
      sent.end();
    });
  }

  close(): void {
    this.#socket.destroy();
    this.#agent.destroy();
  }
}

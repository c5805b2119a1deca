import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** `before`: the server never hears of the statement. `after`: it has carried it out, and nobody hears of that. */
export type Moment = "before" | "after";

export type Plan = { readonly nth: number; readonly moment: Moment };

/**
 * Between a control plane and PostgreSQL: breaks the connection at one statement of a write transaction, or loses what is said on
 * it without a word.
 */
export class CuttingProxy {
  readonly #server: Server;
  #armed: Plan | undefined;
  #seen = 0;
  #cut: "statement" | "commit" | undefined;
  readonly #lost = new WeakSet<Socket>();
  readonly #open = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    server.on("connection", (client) => this.#serve(client, connect(port, "127.0.0.1")));
  }

  static async start(port: number): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, port);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }

  /** Nothing gets through any more on the connections that there are, in either direction; new ones are as good as before. */
  loseConnections(): void {
    for (const client of this.#open) this.#lost.add(client);
  }

  /** From now on, of all write transactions: the statement with this number, the lock that begins each of them included. */
  arm(plan: Plan): void {
    this.#armed = plan;
    this.#seen = 0;
    this.#cut = undefined;
  }

  /** Answers what kind of statement it was; undefined: there were not so many. */
  disarm(): "statement" | "commit" | undefined {
    this.#armed = undefined;
    return this.#cut;
  }

  #serve(client: Socket, server: Socket): void {
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    this.#open.add(client);
    client.on("close", () => this.#open.delete(client));
    let isCut = false;
    const statements = statementReader((bytes, kind) => {
      const moment = kind === undefined ? undefined : this.#momentOfNext(kind);
      if (moment === "before") return end();
      isCut ||= moment === "after";
      server.write(bytes);
      return undefined;
    });
    client.on("data", (chunk: Buffer) => {
      if (!this.#lost.has(client)) statements(chunk);
    });
    server.on("data", (chunk: Buffer) => {
      if (this.#lost.has(client)) return;
      if (!isCut) client.write(chunk);
      else if (saysReady(chunk)) end();
    });
  }

  #momentOfNext(kind: "statement" | "commit"): Moment | undefined {
    if (this.#armed === undefined || this.#cut !== undefined || ++this.#seen !== this.#armed.nth) return undefined;
    this.#cut = kind;
    return this.#armed.moment;
  }
}

const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5]);

function saysReady(chunk: Buffer): boolean {
  return chunk.subarray(-6, -1).equals(readyForQuery);
}

/**
 * Splits what a client sends into statements: a simple query, or all up to a Sync
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html). `kind`: undefined outside of transactions that have taken the
 * lock of writers.
 */
function statementReader(
  onStatement: (bytes: Buffer, kind: "statement" | "commit" | undefined) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let statement: Buffer[] = [];
  let hasStarted = false;
  let isWrite = false;
  const take = (message: Buffer, type: string): void => {
    statement.push(message);
    if ("PBDECH".includes(type)) return;
    const bytes = Buffer.concat(statement);
    statement = [];
    const text = bytes.toString("latin1");
    isWrite ||= text.includes("pg_advisory_xact_lock");
    const isCommit = type === "Q" && text.slice(5) === "commit\0";
    onStatement(bytes, isWrite && "QS".includes(type) ? (isCommit ? "commit" : "statement") : undefined);
    if (isCommit || (type === "Q" && text.slice(5) === "rollback\0")) isWrite = false;
  };
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      // The first message alone has no type.
      const from = hasStarted ? 1 : 0;
      if (rest.length < from + 4) return;
      const length = from + rest.readUInt32BE(from);
      if (rest.length < length) return;
      take(rest.subarray(0, length), hasStarted ? String.fromCharCode(rest[0] ?? 0) : "start");
      rest = rest.subarray(length);
      hasStarted = true;
    }
  };
}

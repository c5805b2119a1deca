import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";
import {
  type ControlPlaneMessage,
  controlPlaneMessage,
  type EntryReport,
  type NodeMessage,
  nodeProtocolVersion,
} from "@tcm/api-contract";
import type { SignedManifestEntry } from "@tcm/core";
import type { NodeAccount } from "./node-accounts.ts";

export type { NodeAccount } from "./node-accounts.ts";
export type Hello = Extract<NodeMessage, { type: "hello" }>;
export type ReportedState = EntryReport["state"];

/** What the node answers to each entry that it is told, in order. */
export type Habit = (entry: SignedManifestEntry["entry"]) => readonly Omit<EntryReport, "entryId">[];

const report = (state: ReportedState) => (entry: SignedManifestEntry["entry"]) => ({
  generation: entry.generation,
  digest: entry.digest,
  state,
});

export const proves: Habit = (entry) => [
  report("delivered")(entry),
  report("applied")(entry),
  report("verified")(entry),
];
export const staysSilent: Habit = () => [];
export const rejects: Habit = (entry) => [
  { ...report("rejected")(entry), rejection: { code: "engine-refused", detail: "no such thing" } },
];

/** What comes, comes at once, or on a busy machine after a while. */
const patienceMs = 120_000;

/** A node as the control plane sees one: a real HTTP/2 client, whose engine is a habit. */
export class FakeNode {
  readonly account: NodeAccount;
  readonly messages: ControlPlaneMessage[] = [];
  /** Lengths of the lines as they came. */
  readonly lineBytes: number[] = [];
  readonly client: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  habit: Habit;
  answersPings = true;
  isClosed = false;
  status: number | undefined;
  #pending = "";
  #woken: (() => void)[] = [];

  private constructor(url: string, account: NodeAccount, habit: Habit, headers: Readonly<Record<string, string>>) {
    this.account = account;
    this.habit = habit;
    this.client = connect(url, tlsOptions(account));
    this.client.on("error", () => this.#end());
    this.stream = this.client.request({
      ":method": "POST",
      ":path": "/node/v1/session",
      ...headers,
    });
    this.stream.on("response", ({ ":status": status }) => {
      this.status = status;
      this.#wake();
    });
    this.stream.on("data", (chunk: Buffer) => this.#receive(chunk.toString("utf8")));
    this.stream.on("error", () => this.#end());
    this.stream.on("close", () => this.#end());
  }

  /** Opens the session and says nothing yet. */
  static open(
    url: string,
    account: NodeAccount,
    habit: Habit = proves,
    headers: Readonly<Record<string, string>> = {},
  ): FakeNode {
    return new FakeNode(url, account, habit, headers);
  }

  /** Resolves when the node has been told everything. */
  static async connect(
    url: string,
    account: NodeAccount,
    habit: Habit = proves,
    hello: Partial<Hello> = {},
  ): Promise<FakeNode> {
    const node = FakeNode.open(url, account, habit);
    node.hello(hello);
    await node.until(() => node.messages.some((message) => message.type === "announce" && message.complete));
    return node;
  }

  hello(changes: Partial<Hello> = {}): void {
    const { nodeId, network } = this.account;
    this.say({
      type: "hello",
      protocolVersion: nodeProtocolVersion,
      nodeId,
      network,
      engine: "built-in",
      engineVersion: "1",
      highestLevel: "verified",
      address: "127.0.0.1:7443",
      entries: [],
      ...changes,
    });
  }

  say(message: NodeMessage): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  write(text: string): void {
    if (!this.stream.destroyed) this.stream.write(text);
  }

  /** Reports on one entry, beside its habit. */
  reports(entry: Pick<SignedManifestEntry["entry"], "entryId" | "generation" | "digest">, state: ReportedState): void {
    const { entryId, generation, digest } = entry;
    this.say({ type: "report", report: { entryId, generation, digest, state } });
  }

  /** Everything announced, in order. */
  get announced(): readonly SignedManifestEntry[] {
    return this.messages.flatMap((message) => (message.type === "announce" ? message.entries : []));
  }

  /** What it was told of an entry last. */
  newest(entryId: string): SignedManifestEntry | undefined {
    return this.announced.findLast(({ entry }) => entry.entryId === entryId);
  }

  get goodbye(): Extract<ControlPlaneMessage, { type: "goodbye" }> | undefined {
    return this.messages.find((message) => message.type === "goodbye");
  }

  /** Waits for what the control plane will say. */
  async until(condition: () => boolean, timeoutMs = patienceMs): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!condition()) {
      if (this.isClosed) throw new Error(`the session closed first: ${JSON.stringify(this.messages.slice(-3))}`);
      await this.#nextEvent(deadline);
    }
  }

  async closed(): Promise<void> {
    const deadline = AbortSignal.timeout(patienceMs);
    while (!this.isClosed) await this.#nextEvent(deadline);
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.closed();
  }

  #receive(text: string): void {
    const lines = (this.#pending + text).split("\n");
    this.#pending = lines.pop() ?? "";
    for (const line of lines) {
      this.lineBytes.push(line.length);
      const message = controlPlaneMessage.parse(JSON.parse(line));
      this.messages.push(message);
      this.#react(message);
    }
    this.#wake();
  }

  #react(message: ControlPlaneMessage): void {
    if (message.type === "ping" && this.answersPings) this.say({ type: "pong" });
    if (message.type !== "announce") return;
    for (const { entry } of message.entries) {
      for (const answer of this.habit(entry))
        this.say({ type: "report", report: { entryId: entry.entryId, ...answer } });
    }
  }

  #nextEvent(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`waited in vain: ${JSON.stringify(this.messages.slice(-3))}`));
      if (deadline.aborted) return fail();
      deadline.addEventListener("abort", fail, { once: true });
      this.#woken.push(() => {
        deadline.removeEventListener("abort", fail);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wake of this.#woken.splice(0)) wake();
  }

  #end(): void {
    this.isClosed = true;
    this.client.destroy();
    this.#wake();
  }
}

/** The server's certificate is for agents to judge: here the control plane is under test, in the time of its own clock. */
function tlsOptions(account: Partial<Pick<NodeAccount, "certificate" | "privateKey">>) {
  return { cert: account.certificate, key: account.privateKey, rejectUnauthorized: false };
}

/** One request to the node port, of any kind; by nobody, when the account has no certificate. */
export async function nodeRequest(
  url: string,
  account: Partial<Pick<NodeAccount, "certificate" | "privateKey">>,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const client = connect(url, tlsOptions(account));
  client.on("error", () => undefined);
  try {
    const stream = client.request({ ":method": "POST", ...headers });
    stream.on("error", () => undefined);
    const answered = once(stream, "response") as Promise<[IncomingHttpHeaders & { readonly ":status"?: number }]>;
    stream.end(body);
    const [response] = await answered;
    let text = "";
    for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString("utf8");
    return { status: response[":status"], text };
  } finally {
    client.destroy();
  }
}

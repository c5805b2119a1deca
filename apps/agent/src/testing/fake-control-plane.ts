import { createHash } from "node:crypto";
import { once } from "node:events";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from "node:http2";
import {
  certificatesRequest,
  type ControlPlaneMessage,
  cutOffHeader,
  type EntryReport,
  type HandshakeReport,
  handshakesHeader,
  type NodeIdentity,
  type NodeMessage,
  nodeMessage,
  type NodeRefusal,
  encodeJoinToken,
  enrolmentRequest,
  type JoinToken,
  renewalRequest,
} from "@tcm/api-contract";
import {
  type EntryContent,
  type EntryId,
  entryIdOf,
  type Generation,
  type KeySuccessor,
  type ManifestEntry,
  type Network,
  type SignedManifestEntry,
} from "@tcm/core";
import { freePorts } from "@tcm/testkit";
import { ManifestSigner } from "./manifest-signer.ts";
import { testNodePort } from "./test-node-port.ts";

type Hello = Extract<NodeMessage, { readonly type: "hello" }>;

const deadlineMs = 60_000;

const unknownNode: NodeRefusal = { code: "node-unknown", detail: "Nobody knows this node." };

function answer(stream: ServerHttp2Stream, status: number, body: unknown): void {
  stream.respond({ ":status": status, "content-type": "application/json" });
  stream.end(JSON.stringify(body));
}

async function bodyOf(stream: ServerHttp2Stream): Promise<unknown> {
  const body = await Array.fromAsync(stream as AsyncIterable<Buffer>);
  return JSON.parse(Buffer.concat(body).toString("utf8"));
}

/** The control plane's half of `node-protocol.ts` on a real HTTP/2 server, with real signatures and every way to misbehave. */
export class FakeControlPlane extends ManifestSigner {
  /** What is announced to whoever connects. */
  readonly entries = new Map<EntryId, SignedManifestEntry>();
  readonly certificates = new Map<string, Uint8Array>();
  readonly hellos: Hello[] = [];
  /** Everything reported, in a `hello` or alone, in the order it came. */
  readonly reports: EntryReport[] = [];
  /** Every request for certificates. */
  readonly requests: (readonly string[])[] = [];
  /** Every report of handshakes, in the order it came, those said again included. */
  readonly handshakes: HandshakeReport[] = [];
  /** Whether it takes reports of handshakes at all, and says that they are taken. */
  takesHandshakes: "no" | "silently" | "yes" = "yes";
  /** Whether it knows of clients that were cut off in such a report. */
  takesCutOff = true;
  pongs = 0;
  heartbeatIntervalMs = 60_000;
  /** Asked before certificates are sent. */
  beforeCertificates: () => Promise<void> = async () => undefined;
  /** Sent in place of the certificates asked for. */
  certificatesBody: string | undefined;
  /** Sent in place of `welcome` and what follows it. */
  greeting: string | undefined;

  readonly #sessions = new Set<ServerHttp2Stream>();
  readonly #connections = new Set<{ destroy(): void }>();
  readonly #waiting = new Set<() => void>();
  /** Certificates and keys of the connection. */
  readonly port: ReturnType<typeof testNodePort>;
  /** Asks for certificates so far. */
  renewals = 0;
  /** Secrets of join tokens that it was shown. */
  readonly secretsShown: string[] = [];
  /** Sent in place of an identity. */
  enrolmentBody: string | undefined;
  /** Answered in place of everything. */
  refusal: NodeRefusal | undefined;
  #server: Http2SecureServer | undefined;
  #port = 0;

  constructor(network: Network = "STAGING", nodeId = "staging-edge") {
    super(network, nodeId);
    this.port = testNodePort(this);
  }

  /** Again on the same port after `stop`. */
  async start(): Promise<this> {
    const server = createSecureServer(this.port.tls);
    server.on("session", (session) => {
      this.#connections.add(session);
      session.on("close", () => this.#connections.delete(session));
      session.on("error", () => session.destroy());
    });
    server.on("stream", (stream: ServerHttp2Stream, headers) => {
      stream.on("error", () => stream.destroy());
      if (headers[":path"] === "/node/v1/enrolment") return void this.#serveEnrolment(stream);
      const refusal = this.port.isKnown(stream) ? this.refusal : unknownNode;
      if (refusal !== undefined) return answer(stream, 401, refusal);
      if (headers[":path"] === "/node/v1/session") return this.#serveSession(stream);
      if (headers[":path"] === "/node/v1/renewal") return void this.#serveRenewal(stream);
      return void this.#serveCertificates(stream);
    });
    if (this.#port === 0) [this.#port = 0] = await freePorts(1);
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
    return this;
  }

  /** As if it had been killed: every connection breaks. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of this.#connections) connection.destroy();
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    await closed;
  }

  get identity(): NodeIdentity {
    const { nodeId, network } = this;
    const controlPlaneUrl = `https://127.0.0.1:${this.#port}`;
    return {
      nodeId,
      network,
      controlPlaneUrl,
      controlPlaneCa: this.port.portCa.pem,
      ...this.port.credential,
      signingKeys: [this.publicKey],
    };
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Makes it the desired state, signs it and announces it. */
  put(content: EntryContent, generation?: Generation): ManifestEntry {
    return this.#put(entryIdOf(content), content, generation);
  }

  withdraw(entryId: EntryId, generation?: Generation): ManifestEntry {
    return this.#put(entryId, null, generation);
  }

  #put(entryId: EntryId, content: EntryContent | null, generation?: Generation): ManifestEntry {
    const entry = this.entry(entryId, content, generation);
    const signed = this.sign(entry);
    this.entries.set(entryId, signed);
    this.announce([signed]);
    return entry;
  }

  /** Another key signs from now on; everything is signed again. */
  rotate(): KeySuccessor {
    const said = this.takeOver();
    for (const [entryId, { entry }] of this.entries) this.entries.set(entryId, this.sign(entry));
    this.say({ type: "key-successors", successors: [said] });
    this.announce([...this.entries.values()]);
    return said;
  }

  announce(entries: readonly unknown[], complete = false): void {
    this.sendRaw(`${JSON.stringify({ type: "announce", complete, entries })}\n`);
  }

  say(message: ControlPlaneMessage): void {
    this.sendRaw(`${JSON.stringify(message)}\n`);
  }

  sendRaw(text: string | Uint8Array): void {
    for (const session of this.#sessions) session.write(text);
  }

  /** Ends the open sessions and lets the node come back. */
  dropSessions(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Resolves with the first report of the entry's generation in that state. */
  async reported({ entryId, generation, digest }: ManifestEntry, state: EntryReport["state"]): Promise<EntryReport> {
    const find = () =>
      this.reports.find(
        (report) =>
          report.entryId === entryId &&
          report.state === state &&
          report.digest === digest &&
          report.generation.epoch === generation.epoch &&
          report.generation.number === generation.number,
      );
    await this.until(() => find() !== undefined, `${entryId} ${generation.epoch}.${generation.number} ${state}`);
    const report = find();
    if (report === undefined) throw new Error("unreachable");
    return report;
  }

  /** Waits until it holds; looked at again whenever the node says something. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (holds()) resolve();
    };
    const timer = setTimeout(() => {
      const states = this.reports.map(
        (report) => `${report.entryId} ${report.generation.number} ${report.state} ${report.rejection?.code ?? ""}`,
      );
      reject(new Error(`not seen in ${deadlineMs} ms: ${what}. Reports: ${states.slice(-10).join("; ")}`));
    }, deadlineMs);
    this.#waiting.add(check);
    check();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(check);
    });
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }

  #serveSession(stream: ServerHttp2Stream): void {
    stream.respond({
      ":status": 200,
      ...(this.takesHandshakes !== "no" && { [handshakesHeader]: "1" }),
      ...(this.takesCutOff && { [cutOffHeader]: "1" }),
    });
    stream.on("close", () => {
      this.#sessions.delete(stream);
      this.#changed();
    });
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) this.#receive(stream, nodeMessage.parse(JSON.parse(line)));
      this.#changed();
    });
  }

  #receive(stream: ServerHttp2Stream, message: NodeMessage): void {
    if (message.type === "pong") this.pongs += 1;
    if (message.type === "report") this.reports.push(message.report);
    if (message.type === "handshakes") this.#takeHandshakes(stream, message.report);
    if (message.type !== "hello") return;
    // From now on: what is announced before the welcome is a fault, and all of it comes after that.
    if (!stream.closed) this.#sessions.add(stream);
    this.hellos.push(message);
    this.reports.push(...message.entries);
    if (this.greeting !== undefined) return void stream.write(this.greeting);
    const { network, heartbeatIntervalMs } = this;
    stream.write(`${JSON.stringify({ type: "welcome", network, heartbeatIntervalMs })}\n`);
    if (this.successors.length > 0)
      stream.write(`${JSON.stringify({ type: "key-successors", successors: this.successors })}\n`);
    stream.write(`${JSON.stringify({ type: "announce", complete: true, entries: [...this.entries.values()] })}\n`);
  }

  #takeHandshakes(stream: ServerHttp2Stream, report: HandshakeReport): void {
    this.handshakes.push(report);
    const { stream: of, sequence } = report;
    if (this.takesHandshakes === "yes")
      stream.write(`${JSON.stringify({ type: "handshakes-taken", stream: of, sequence })}\n`);
  }

  /** As often as it is asked: that a token is good once is for the real one to hold. */
  async #serveEnrolment(stream: ServerHttp2Stream): Promise<void> {
    const request = enrolmentRequest.parse(await bodyOf(stream));
    this.secretsShown.push(request.secret);
    if (this.refusal !== undefined) return answer(stream, 401, this.refusal);
    if (this.enrolmentBody !== undefined) return void stream.end(this.enrolmentBody);
    const { nodeId, network, controlPlaneUrl, signingKeys } = this.identity;
    const certificate = this.port.certify(Buffer.from(request.certificateRequest, "base64"));
    const rest = { controlPlaneUrls: [controlPlaneUrl, "https://other.example:7301"], signingKeys };
    return answer(stream, 201, { nodeId, network, certificate, ...rest });
  }

  /** For this control plane, with its CA. */
  joinToken(changes: Partial<JoinToken> = {}): string {
    const { controlPlaneUrl } = this.identity;
    const ca = createHash("sha256").update(this.port.portCa.der).digest("hex");
    return encodeJoinToken({ urls: [controlPlaneUrl], ca, secret: "s".repeat(43), ...changes });
  }

  async #serveRenewal(stream: ServerHttp2Stream): Promise<void> {
    const request = renewalRequest.parse(await bodyOf(stream));
    this.renewals += 1;
    answer(stream, 200, { certificate: this.port.certify(Buffer.from(request.certificateRequest, "base64")) });
    this.#changed();
  }

  async #serveCertificates(stream: ServerHttp2Stream): Promise<void> {
    const { fingerprints } = certificatesRequest.parse(await bodyOf(stream));
    this.requests.push(fingerprints);
    this.#changed();
    await this.beforeCertificates();
    if (stream.destroyed) return;
    const found = fingerprints.flatMap((fingerprint) => {
      const der = this.certificates.get(fingerprint);
      return der === undefined ? [] : [[fingerprint, Buffer.from(der).toString("base64")]];
    });
    stream.respond({ ":status": 200, "content-type": "application/json" });
    stream.end(this.certificatesBody ?? JSON.stringify({ certificates: Object.fromEntries(found) }));
  }
}

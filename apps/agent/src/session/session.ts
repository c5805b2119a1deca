import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import {
  type CaNames,
  caNamesHeader,
  cutOffHeader,
  type EntryReport,
  type HandshakeReport,
  handshakesHeader,
  maxNodeLineBytes,
  type NodeIdentity,
  type NodeMessage,
  nodeRefusal,
  renewalResponse,
  writeCaNames,
} from "@tcm/api-contract";
import type { KeySuccessor, UnixMillis } from "@tcm/core";
import type { FetchedCertificates } from "../entries/obtain-content.ts";
import { words } from "../start-error.ts";
import { connectionFault, connectSecurely } from "./connect-securely.ts";
import { fetchCertificates } from "./fetch-certificates.ts";
import { LineSplitter } from "./line-splitter.ts";
import { Outbox } from "./outbox.ts";
import { postJson } from "./post-json.ts";
import { type ReceivedMessage, readMessage } from "./read-message.ts";
import { type Hello, renderHello } from "./render-hello.ts";

export type SessionOptions = {
  readonly identity: NodeIdentity;
  readonly hello: Omit<Hello, "entries">;
  readonly sendsCaNames: CaNames | undefined;
  readonly reports: readonly EntryReport[];
  readonly welcomeTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly onWelcome: () => void;
  /** Throws when they cannot be kept: the session ends then, and nothing is judged without them. */
  readonly onSuccessors: (successors: readonly KeySuccessor[]) => void;
  readonly onAnnounce: (entries: readonly unknown[], complete: boolean) => void;
  readonly onHandshakesTaken: (taken: { readonly stream: string; readonly sequence: number }) => void;
  readonly onHeard: () => void;
  /** The time that the control plane says; undefined when it says none. */
  readonly onDate: (date: string | undefined) => void;
  /** The time that this node says. */
  readonly now: UnixMillis;
};

/** Why a session ended. `retryAfterMs`: what the control plane asked for. */
export type SessionEnd = { readonly reason: string; readonly isWelcome: boolean; readonly retryAfterMs: number };

/** A code and a sentence, or a certificate. */
const maxRefusalBytes = 16 * 1024;
/** Silent for so many heartbeats: gone, whatever TCP thinks. */
const silentHeartbeats = 3;

/** One connection to the control plane, from its opening to its end; it never opens again. */
export class Session {
  /** Never rejects. */
  readonly ended: Promise<SessionEnd>;
  readonly #options: SessionOptions;
  readonly #client: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #outbox: Outbox;
  readonly #lines = new LineSplitter(maxNodeLineBytes);
  readonly #rest: readonly EntryReport[];
  #end: ((end: SessionEnd) => void) | undefined;
  #isWelcome = false;
  #takesHandshakes = false;
  #takesCutOff = false;
  #silenceTimer: NodeJS.Timeout | undefined;
  #silenceMs: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#silenceMs = options.welcomeTimeoutMs;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#client = connectSecurely(options.identity.controlPlaneUrl, options.identity);
    this.#client.on("error", (error) => this.close(connectionFault(error)));
    this.#client.on("close", () => this.close("the connection ended"));
    this.#stream = this.#client.request(
      {
        ":method": "POST",
        ":path": "/node/v1/session",
        "content-type": "application/x-ndjson",
        date: new Date(options.now).toUTCString(),
        ...(options.sendsCaNames && { [caNamesHeader]: writeCaNames(options.sendsCaNames) }),
      },
      { endStream: false },
    );
    this.#outbox = new Outbox((line) => this.#stream.write(`${line}\n`));
    this.#listen();
    this.#heard();
    const { line, rest } = renderHello(options.hello, options.reports);
    this.#rest = rest;
    this.#outbox.say(line);
  }

  report(report: EntryReport): void {
    if (this.#end !== undefined) this.#outbox.report(report);
  }

  /** False when it was not sent: not yet welcome, a full stream, or a control plane that does not take handshakes. */
  tellHandshakes(report: HandshakeReport): boolean {
    if (!this.#isWelcome || !this.#takesHandshakes || this.#end === undefined || this.#outbox.isBlocked) return false;
    const known = this.#takesCutOff ? report : { ...report, cutOff: undefined };
    const message: NodeMessage = { type: "handshakes", report: known };
    this.#outbox.say(JSON.stringify(message));
    return true;
  }

  async fetchCertificates(fingerprints: readonly string[]): Promise<FetchedCertificates> {
    return fetchCertificates(this.#client, fingerprints, this.#options.fetchTimeoutMs);
  }

  /** A certificate for a new key, PEM. Throws when there is none. */
  async renew(certificateRequest: string): Promise<string> {
    const limits = { maxBytes: maxRefusalBytes, timeoutMs: this.#options.fetchTimeoutMs };
    const { status, body } = await postJson(this.#client, "/node/v1/renewal", { certificateRequest }, limits);
    if (status !== 200) throw new Error(refusal(status, body));
    return renewalResponse.parse(JSON.parse(body?.toString("utf8") ?? "")).certificate;
  }

  /** Ends the session; the first reason counts. */
  close(reason: string, retryAfterMs = 0): void {
    const end = this.#end;
    if (end === undefined) return;
    this.#end = undefined;
    clearTimeout(this.#silenceTimer);
    this.#client.destroy();
    end({ reason, isWelcome: this.#isWelcome, retryAfterMs });
  }

  #listen(): void {
    this.#stream.on(
      "response",
      ({ ":status": status, date, [handshakesHeader]: takesHandshakes, [cutOffHeader]: takesCutOff }) => {
        this.#options.onDate(date);
        this.#takesHandshakes = takesHandshakes === "1";
        this.#takesCutOff = takesCutOff === "1";
        if (status === 200) this.#stream.on("data", (chunk: Buffer) => this.#read(chunk));
        else this.#readRefusal(status);
      },
    );
    this.#stream.on("drain", () => this.#outbox.resume());
    this.#stream.on("error", (error) => this.close(connectionFault(error)));
    this.#stream.on("end", () => this.close("the control plane ended the session"));
    this.#stream.on("close", () => this.close("the stream was closed"));
  }

  /** The silence timer ends it, should the words never come. */
  #readRefusal(status: number | undefined): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    this.#stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxRefusalBytes) this.close(refusal(status));
      else chunks.push(chunk);
    });
    this.#stream.prependOnceListener("end", () => this.close(refusal(status, Buffer.concat(chunks))));
  }

  #read(chunk: Uint8Array): void {
    if (this.#end === undefined) return;
    this.#heard();
    const lines = this.#lines.push(chunk);
    if (lines === undefined) return this.close(`protocol fault: a line is longer than ${maxNodeLineBytes} bytes`);
    for (const line of lines) {
      if (this.#end === undefined) return;
      const message = readMessage(line);
      if (typeof message === "string") return this.close(`protocol fault: ${message}`);
      this.#receive(message);
    }
  }

  #receive(message: ReceivedMessage): void {
    if (message.type === "goodbye") return this.close(`goodbye: ${message.reason}`, message.retryAfterMs);
    if (message.type === "welcome") return this.#welcome(message);
    if (!this.#isWelcome) return this.close(`protocol fault: ${message.type} before welcome`);
    this.#options.onHeard();
    if (message.type === "ping") return this.#outbox.say('{"type":"pong"}');
    if (message.type === "handshakes-taken") return this.#options.onHandshakesTaken(message);
    if (message.type === "key-successors") return this.#succeedKeys(message.successors);
    this.#options.onAnnounce(message.entries, message.complete);
  }

  #succeedKeys(successors: readonly KeySuccessor[]): void {
    try {
      this.#options.onSuccessors(successors);
    } catch (error) {
      this.close(`another signing key could not be kept: ${words(error)}`);
    }
  }

  #welcome({ network, heartbeatIntervalMs }: Extract<ReceivedMessage, { type: "welcome" }>): void {
    const { identity, onWelcome, onHeard } = this.#options;
    if (network !== identity.network) return this.close(`protocol fault: a welcome to ${network}`);
    this.#isWelcome = true;
    this.#silenceMs = silentHeartbeats * heartbeatIntervalMs;
    this.#heard();
    onHeard();
    onWelcome();
    for (const report of this.#rest) this.report(report);
  }

  #heard(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.close(`nothing heard for ${this.#silenceMs} ms`), this.#silenceMs);
  }
}

/** In the control plane's words, where it has some. */
function refusal(status: number | undefined, body?: Buffer): string {
  try {
    const { code, detail } = nodeRefusal.parse(JSON.parse(body?.toString("utf8") ?? ""));
    return `the control plane refuses this node: ${code}. ${detail}`;
  } catch {
    return `the control plane answered ${status}`;
  }
}

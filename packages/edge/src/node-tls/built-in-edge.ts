import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { UnixSeconds } from "@tcm/core";
import type { EngineDescription, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { RefusalJudge } from "../handshakes/refusal-judge.ts";
import { RemovedAnchors } from "../handshakes/removed-anchors.ts";
import type { BuiltInEdge, BuiltInEdgeOptions } from "./built-in-edge-options.ts";
import type { ClientConnection } from "./client-connection.ts";
import { receiveClient } from "./client-reception.ts";
import type { ConnectionCaps } from "./connection-caps.ts";
import { ConnectionRegistry } from "./connection-registry.ts";
import { logText } from "./edge-log.ts";
import { type HandshakeCount, handshakeCounters } from "./handshake-counters.ts";
import { IssuerMemory, rememberVerifications } from "../served/issuer-memory.ts";
import { proveEntry } from "../served/prove-entry.ts";
import { ReverseProxy } from "./reverse-proxy.ts";
import { serveRequest } from "./serve-request.ts";
import { ServingEntries } from "./serving-entries.ts";
import { findSite } from "../served/site.ts";
import { TlsContexts } from "./tls-contexts.ts";
import { createTlsListener } from "./tls-listener.ts";
import { upstreamProblem } from "./upstream-origin.ts";

/**
 * Opens the edge: it listens, and refuses every handshake until something is applied. Throws on an upstream that is not an
 * origin, and when it cannot listen (`EADDRINUSE`, `EACCES`, …).
 */
export async function openBuiltInEdge(options: BuiltInEdgeOptions): Promise<BuiltInEdge> {
  for (const [hostname, upstream] of options.upstreams) {
    const problem = upstreamProblem(upstream);
    if (problem !== undefined) throw new Error(`the upstream of ${hostname} is ${problem}`);
  }
  const edge = new NodeTlsEdge(options);
  await edge.listen();
  return edge;
}

class NodeTlsEdge implements BuiltInEdge {
  readonly description: EngineDescription;
  readonly #options: BuiltInEdgeOptions;
  readonly #issuers: IssuerMemory;
  readonly #contexts: TlsContexts;
  readonly #entries: ServingEntries;
  readonly #connections = new ConnectionRegistry();
  readonly #counters: ReturnType<typeof handshakeCounters>;
  readonly #removed = new RemovedAnchors();
  readonly #judge: RefusalJudge;
  readonly #proxy: ReverseProxy;
  readonly #server: Server;
  readonly #caps: ConnectionCaps;
  #address: BuiltInEdge["address"];
  #recheckTimer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: BuiltInEdgeOptions) {
    const { network, version, limits, log } = options;
    this.description = { engine: "built-in", version, network, highestLevel: "verified", sendsCaNames: [] };
    const crypto = rememberVerifications(options.crypto);
    this.#options = { ...options, crypto };
    this.#issuers = new IssuerMemory(crypto);
    this.#judge = new RefusalJudge(crypto);
    this.#address = { host: options.host, port: options.port };
    this.#contexts = new TlsContexts(options.serverCertificates);
    this.#entries = new ServingEntries(crypto, this.#contexts);
    this.#counters = handshakeCounters(limits.maxCounters);
    this.#proxy = new ReverseProxy(limits, ({ host }, code) =>
      log("warn", "no answer from the upstream", { upstream: logText(host), code: logText(code) }),
    );
    const listener = createTlsListener({
      limits,
      contextFor: (serverName) => this.#contextFor(serverName),
      onRequest: (request, response) => this.#serve(request, response),
    });
    this.#server = listener.server;
    this.#caps = listener.caps;
    this.#server.on("secureConnection", (socket) => this.#receive(socket));
    this.#server.on("tlsClientError", (error: NodeJS.ErrnoException) => this.#countFailure(error));
  }

  async listen(): Promise<void> {
    const { host, port, limits, log } = this.#options;
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    const address = this.#server.address() as AddressInfo;
    this.#address = { host: address.address, port: address.port };
    this.#server.on("error", (error: NodeJS.ErrnoException) => {
      log("warn", "the listener has an error", { code: logText(error.code ?? error.message) });
    });
    // For paths that run out while a connection is open.
    this.#recheckTimer = setInterval(() => {
      void this.#recheck();
      this.#tellCaps();
    }, limits.recheckIntervalMs).unref();
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#address;
  }

  counters(): readonly HandshakeCount[] {
    return this.#counters.read();
  }

  async apply(change: EntryChange): Promise<EngineOutcome> {
    if (this.#closed !== undefined) return { ok: false, code: "engine-refused", detail: "the edge is closed" };
    const outcome = this.#entries.apply(change);
    if (outcome.ok) this.#removed.note(change);
    return outcome;
  }

  /** Tickets and session caches do not exist here, so a resumption is impossible at any time: see tls-policy. */
  async verify(change: EntryChange): Promise<EngineOutcome> {
    const proof = proveEntry(this.#entries.state, change, this.#options.crypto);
    if (!proof.ok) return proof;
    const { checked, closed } = await this.#recheck();
    return { ok: true, detail: `${proof.detail}; ${checked} connections checked again, ${closed} closed` };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    clearInterval(this.#recheckTimer);
    const closed = once(this.#server, "close");
    this.#server.close();
    await this.#connections.recheck(() => false, this.#options.limits.graceMs);
    this.#caps.destroyAll();
    this.#proxy.close();
    await closed;
  }

  #now(): UnixSeconds {
    return Math.floor(this.#options.clock() / 1000);
  }

  #contextFor(serverName: string) {
    const site = findSite(this.#entries.state, serverName);
    return site && this.#contexts.contextFor(site);
  }

  #receive(socket: TLSSocket): void {
    const accounts = { counters: this.#counters, removed: this.#removed, judge: this.#judge };
    const tables = { issuers: this.#issuers, connections: this.#connections, ...accounts };
    const reception = { ...tables, options: this.#options, state: this.#entries.state, time: this.#now() };
    this.#guard(socket, () => {
      receiveClient(socket, reception);
      this.#makeRoom(socket);
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#connections.of(request.socket);
    if (connection === undefined) return void request.socket.destroy();
    const serving = { state: this.#entries.state, time: this.#now(), connection, proxy: this.#proxy };
    this.#guard(request.socket, () => {
      serveRequest(request, response, { ...serving, options: this.#options });
      this.#makeRoom(request.socket);
    });
  }

  /** Also later than its handshake: its CA may have been added meanwhile. */
  #makeRoom(socket: Socket): void {
    if (this.#connections.of(socket)?.wasWelcome === true) this.#caps.accept(socket);
  }

  /** A fault of ours about one client ends that client's connection, not everybody's. */
  #guard(socket: Duplex, act: () => void): void {
    try {
      act();
    } catch (error) {
      socket.destroy();
      this.#options.log("warn", "a connection was ended by a fault in the edge", { error: logText(String(error)) });
    }
  }

  #countFailure({ code = "unknown" }: NodeJS.ErrnoException): void {
    this.#counters.count({ caSetId: "", version: 0, anchor: "", outcome: "failed", reason: code });
  }

  /** A line for all of them, and not for each: they may be thousands a second. */
  #tellCaps(): void {
    const { turnedAway, madeRoom } = this.#caps.takeCounts();
    if (turnedAway + madeRoom === 0) return;
    this.#options.log("warn", "more connections than are let in wait to be accepted", { turnedAway, madeRoom });
  }

  #recheck() {
    return this.#connections.recheck((connection) => this.#mayStay(connection), this.#options.limits.graceMs);
  }

  /** Who was never let in has been served nothing, and may still fetch its refusal. */
  #mayStay(connection: ClientConnection): boolean {
    const site = connection.siteIn(this.#entries.state);
    const isWelcome = connection.isWelcome(site, this.#now(), this.#options.crypto);
    return isWelcome || (site !== undefined && !connection.wasWelcome);
  }
}

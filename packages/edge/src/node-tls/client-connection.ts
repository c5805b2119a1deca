import type { CryptoPort, UnixSeconds } from "@tcm/core";
import type { ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { type ClientVerdict, decideClient } from "../served/client-verdict.ts";
import type { PresentedChain } from "../served/presented-chain.ts";
import type { ServedSet, ServedState } from "../served/served-state.ts";
import { findSite, type Site } from "../served/site.ts";

/**
 * Requests that a client sends without waiting for answers (RFC 9112 §9.3.2). Node reads them all at once, and each would open a
 * connection to the upstream: 400 kB opened nine thousand.
 */
const maxInFlight = 16;

/** One live connection whose handshake is over: who it is, what was decided about it, what it is doing. */
export class ClientConnection {
  readonly serverName: string;
  readonly #socket: TLSSocket;
  readonly #readPresented: () => PresentedChain;
  #kept: PresentedChain | undefined;
  readonly #inFlight = new Set<ServerResponse>();
  #decided: { readonly set: ServedSet | undefined; readonly verdict: ClientVerdict } | undefined;
  #found: { readonly state: ServedState; readonly site: Site | undefined } | undefined;
  #wasWelcome = false;
  #hasSaidLast = false;
  #closing: Promise<void> | undefined;

  /** `readPresented` gives what `presented` is, for as long as the socket is open. */
  constructor(socket: TLSSocket, serverName: string, presented: PresentedChain, readPresented: () => PresentedChain) {
    this.#socket = socket;
    this.serverName = serverName;
    this.#kept = presented;
    this.#readPresented = readPresented;
  }

  /** Decoded again when asked for after a refusal: what strangers sent is not held as long as they stay. */
  get presented(): PresentedChain {
    return this.#kept ?? this.#readPresented();
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? "";
  }

  /** Was accepted, or observed, at least once: something may have been served on it. */
  get wasWelcome(): boolean {
    return this.#wasWelcome;
  }

  /** What its server name stands for; looked up again only when something else is served. */
  siteIn(state: ServedState): Site | undefined {
    if (this.#found?.state !== state) this.#found = { state, site: findSite(state, this.serverName) };
    return this.#found.site;
  }

  /** Decided again only when the set is not the one that decided last, or time has run out for the path. */
  verdictAt(site: Site, time: UnixSeconds, crypto: CryptoPort): ClientVerdict {
    const before = this.#decided;
    if (before !== undefined && before.set === site.set && !hasRunOut(before.verdict, time)) return before.verdict;
    const { presented } = this;
    const verdict = decideClient(presented, site.set, time, crypto);
    this.#decided = { set: site.set, verdict };
    this.#kept = verdict.accepted ? presented : undefined;
    return verdict;
  }

  /** Whether the connection may be served at this moment. */
  isWelcome(site: Site | undefined, time: UnixSeconds, crypto: CryptoPort): boolean {
    if (site === undefined) return false;
    const isWelcome = this.verdictAt(site, time, crypto).accepted || site.mode === "observe";
    this.#wasWelcome ||= isWelcome;
    return isWelcome;
  }

  /** An answer that closes the connection has been given: RFC 9112 §9.6 has nothing processed that comes after it. */
  get hasSaidLast(): boolean {
    return this.#hasSaidLast;
  }

  sayLast(): void {
    this.#hasSaidLast = true;
  }

  /** Counts a request as in flight until its response is over. False: too many are, and the connection is to be closed. */
  begin(response: ServerResponse): boolean {
    if (this.#inFlight.size >= maxInFlight) return false;
    this.#inFlight.add(response);
    response.once("close", () => {
      this.#inFlight.delete(response);
      if (this.#closing !== undefined && this.#inFlight.size === 0) this.#socket.destroySoon();
    });
    if (this.#closing !== undefined) response.shouldKeepAlive = false;
    return true;
  }

  /** Lets requests in flight finish, for at most `graceMs`. Resolves when the connection is gone. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#end(graceMs);
    return this.#closing;
  }

  #end(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#socket.closed) return Promise.resolve();
    const deadline = setTimeout(() => this.#socket.destroy(), graceMs);
    this.#socket.once("close", () => {
      clearTimeout(deadline);
      resolve();
    });
    for (const response of this.#inFlight) response.shouldKeepAlive = false;
    if (this.#inFlight.size === 0) this.#socket.destroySoon();
    return promise;
  }
}

function hasRunOut(verdict: ClientVerdict, time: UnixSeconds): boolean {
  return verdict.accepted && time > verdict.validUntil;
}

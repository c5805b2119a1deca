import { setTimeout as pause } from "node:timers/promises";
import type { CaNames, EntryReport, HandshakeReport } from "@tcm/api-contract";
import type { KeySuccessor, UnixMillis } from "@tcm/core";
import { type AgentLog, logged } from "../agent-log.ts";
import { type AgentTiming, backoffMs } from "../agent-timing.ts";
import type { FetchedCertificates } from "../entries/obtain-content.ts";
import type { CurrentIdentity } from "../identity/current-identity.ts";
import type { LastContact } from "../state/last-contact.ts";
import type { Hello } from "./render-hello.ts";
import { Session, type SessionEnd } from "./session.ts";

export type ConnectionOptions = {
  readonly identity: CurrentIdentity;
  readonly timing: AgentTiming;
  readonly clock: () => UnixMillis;
  readonly random: () => number;
  readonly log: AgentLog;
  readonly lastContact: LastContact;
};

/** Whose state is reported, and who is told what is announced. */
export type ConnectionPeer = {
  readonly hello: Omit<Hello, "entries">;
  /** Whose CAs the engine's own listeners name to clients; undefined: it does not say. */
  readonly sendsCaNames?: CaNames | undefined;
  reports(): readonly EntryReport[];
  sessionBegins(): void;
  /** Throws when what is to be believed cannot be kept. */
  succeedKeys(successors: readonly KeySuccessor[]): void;
  announce(entries: readonly unknown[], complete: boolean): void;
  handshakesTaken(taken: Pick<HandshakeReport, "stream" | "sequence">): void;
};

/** A control plane cannot keep a node away for longer than this. */
const maxRetryAfterMs = 60_000;
/** Failures are logged at the first and then at every so many. */
const loggedFailures = 20;

const notableSkewSeconds = 60;

/** Keeps one session open for as long as the agent runs; without one, everything goes on with what there is. */
export class ControlPlaneConnection {
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  #session: Session | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(peer: ConnectionPeer): void {
    this.#running ??= this.#run(peer);
  }

  /** Not connected: nothing is kept for later, since the next `hello` says it all. */
  report(report: EntryReport): void {
    this.#session?.report(report);
  }

  /** False when it was not sent, and is to be kept. */
  tellHandshakes(report: HandshakeReport): boolean {
    return this.#session?.tellHandshakes(report) ?? false;
  }

  async fetchCertificates(fingerprints: readonly string[]): Promise<FetchedCertificates> {
    const session = this.#session;
    return (
      session?.fetchCertificates(fingerprints) ?? {
        ok: false,
        because: "away",
        detail: "The control plane cannot be reached.",
      }
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#session?.close("the agent is stopping");
    await this.#running;
  }

  async #run(peer: ConnectionPeer): Promise<void> {
    const { signal } = this.#closing;
    const { controlPlaneUrl, controlPlaneUrls = [] } = this.#options.identity.get();
    const urls = [...new Set([controlPlaneUrl, ...controlPlaneUrls])];
    let failures = 0;
    let turn = 0;
    while (!signal.aborted) {
      this.#session = this.#open(peer, urls[turn % urls.length] ?? controlPlaneUrl, failures);
      const end = await this.#session.ended;
      this.#session = undefined;
      if (signal.aborted) return;
      failures = end.isWelcome && !end.reason.startsWith("protocol fault") ? 0 : failures + 1;
      turn += 1;
      this.#note(end, failures);
      await pause(this.#delay(end, failures), undefined, { signal }).catch(() => undefined);
    }
  }

  #open(peer: ConnectionPeer, controlPlaneUrl: string, failures: number): Session {
    const { identity, timing, clock, log, lastContact } = this.#options;
    if (failures % loggedFailures === 0) identity.sayWhenExpired();
    const session: Session = new Session({
      identity: { ...identity.get(), controlPlaneUrl },
      now: clock(),
      hello: peer.hello,
      sendsCaNames: peer.sendsCaNames,
      reports: peer.reports(),
      ...timing,
      onWelcome: () => {
        log.info({ controlPlaneUrl }, "connected to the control plane");
        peer.sessionBegins();
      },
      onSuccessors: (successors) => peer.succeedKeys(successors),
      onAnnounce: (entries, complete) => peer.announce(entries, complete),
      onHandshakesTaken: (taken) => peer.handshakesTaken(taken),
      onHeard: () => {
        lastContact.note(clock());
        void identity.renewWhenDue((request) => session.renew(request));
      },
      onDate: (date) => this.#noteSkew(date),
    });
    return session;
  }

  #delay({ retryAfterMs }: SessionEnd, failures: number): number {
    const { timing, random } = this.#options;
    return Math.min(retryAfterMs, maxRetryAfterMs) + backoffMs(timing.reconnect, failures, random());
  }

  /** Certificates are good for an hour either side; beyond that one of the clocks keeps this node away. */
  #noteSkew(date: string | undefined): void {
    const { clock, log } = this.#options;
    const skewSeconds = Math.round((clock() - Date.parse(date ?? "")) / 1_000);
    if (Math.abs(skewSeconds) > notableSkewSeconds)
      log.warn({ skewSeconds }, "the clocks of this node and of the control plane differ");
  }

  #note({ reason, isWelcome }: SessionEnd, failures: number): void {
    if (failures > 1 && failures % loggedFailures !== 0) return;
    const fields = { reason: logged(reason), failures };
    const message = isWelcome ? "the session with the control plane ended" : "the control plane cannot be reached";
    this.#options.log.warn(fields, `${message}; what is served stays in service`);
  }
}

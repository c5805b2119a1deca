import { randomBytes } from "node:crypto";
import type { HandshakeReport } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";
import type { HandshakeTable } from "@tcm/edge";

export type HandshakeReportsOptions = {
  readonly table: HandshakeTable;
  readonly clock: () => UnixMillis;
  /** False: it could not be sent. */
  readonly tell: (report: HandshakeReport) => boolean;
  readonly onLost: (lost: number) => void;
};

/** Between two reports; a removal that cuts off clients is told at the next look. */
const intervalMs = 10_000;
/** Said again when nobody said that it is taken: the control plane knows a report by its sequence. */
const patienceMs = 30_000;

/**
 * Takes what was counted to the control plane, one report at a time, each until it is taken: in whatever session, and never twice. While
 * the control plane is away one report waits here and the table gathers the rest, within its bounds. What the process has not yet
 * delivered when it ends is lost.
 */
export class HandshakeReports {
  readonly #options: HandshakeReportsOptions;
  readonly #stream = randomBytes(8).toString("hex");
  #sequence = 0;
  #waiting: HandshakeReport | undefined;
  #sentAt: UnixMillis | undefined;
  #takenAt: UnixMillis = 0;

  constructor(options: HandshakeReportsOptions) {
    this.#options = options;
  }

  /** To be called every second or so, and when a session begins. */
  look(): void {
    const now = this.#options.clock();
    if (this.#waiting === undefined) this.#next(now);
    if (this.#waiting === undefined || !this.#isDue(now)) return;
    if (this.#options.tell(this.#waiting)) this.#sentAt = now;
  }

  /** What was sent in the session before may never have come through. */
  sessionBegins(): void {
    this.#sentAt = undefined;
    this.look();
  }

  taken({ stream, sequence }: Pick<HandshakeReport, "stream" | "sequence">): void {
    if (stream !== this.#waiting?.stream || sequence !== this.#waiting.sequence) return;
    this.#waiting = undefined;
    this.#sentAt = undefined;
    this.#takenAt = this.#options.clock();
  }

  #next(now: UnixMillis): void {
    const { table, onLost } = this.#options;
    // Also after a clock that was set back.
    const isEarly = now >= this.#takenAt && now - this.#takenAt < intervalMs;
    if (isEarly && !table.hasRemovedAnchors) return;
    const tally = table.take();
    if (tally === undefined) return;
    if (tally.lost > 0) onLost(tally.lost);
    this.#sequence += 1;
    this.#waiting = { stream: this.#stream, sequence: this.#sequence, ...tally };
  }

  #isDue(now: UnixMillis): boolean {
    return this.#sentAt === undefined || now - this.#sentAt >= patienceMs || now < this.#sentAt;
  }
}

import {
  type CutOffClient,
  type HandshakeClient,
  type HandshakeCount,
  type HandshakeKind,
  type HandshakeReport,
  maxReportedClients,
  maxReportedCounts,
  reportedBucketSeconds,
} from "@tcm/api-contract";
import type { UnixSeconds } from "@tcm/core";

/**
 * One handshake that is over. `client`: of one that was accepted through a known anchor, that a removed one would have let in, or that
 * nobody judged.
 */
export type SeenHandshake = {
  readonly kind: HandshakeKind;
  readonly at: UnixSeconds;
  readonly client?: Pick<HandshakeClient, "fingerprint" | "notAfter"> | undefined;
  /** False: the handshake ended before the client showed that it holds the key of its certificate. Default: true. */
  readonly isProved?: boolean;
  /** True: it was refused and names a removed anchor, and whether that one would have let it in was not looked at. Default: false. */
  readonly isNotJudged?: boolean;
};

/** What was counted since it was taken last, without the names that a report bears. */
export type HandshakeTally = Pick<HandshakeReport, "lost" | "counts" | "clients" | "cutOff">;

export type HandshakeTableLimits = { readonly maxCounts: number; readonly maxClients: number };

export const handshakeTableLimits: HandshakeTableLimits = {
  maxCounts: maxReportedCounts,
  maxClients: maxReportedClients,
};

/**
 * Handshakes by the minute, until they are taken. Bounded whoever connects, for however long nobody takes them: the oldest minutes
 * are put together first; where there are more kinds than rows, what is new is lost and counted as that. Of clients those seen last stay.
 */
export class HandshakeTable {
  readonly #limits: HandshakeTableLimits;
  /** By minute, then by kind. */
  #minutes = new Map<UnixSeconds, Map<string, HandshakeCount>>();
  #size = 0;
  #clients = new Map<string, HandshakeClient>();
  #cutOff = new Map<string, CutOffClient>();
  #lost = 0;
  #hasRemovedAnchors = false;

  constructor(limits: HandshakeTableLimits = handshakeTableLimits) {
    this.#limits = limits;
  }

  /** Whether somebody was refused who would have been let in before: worth saying at once. */
  get hasRemovedAnchors(): boolean {
    return this.#hasRemovedAnchors;
  }

  add({ kind, at, client, isProved = true, isNotJudged = false }: SeenHandshake): void {
    this.#count({ ...kind, at: at - (at % reportedBucketSeconds), count: 1, lastSeen: at });
    const { caSetId, anchor, generation, outcome } = kind;
    const mayBeCutOff = outcome === "removed-anchor" || isNotJudged;
    this.#hasRemovedAnchors ||= mayBeCutOff;
    if (client === undefined) return;
    const { fingerprint } = client;
    // What was not looked at is proved by nothing: it counts when it was let in before, which no forged one was.
    if (mayBeCutOff)
      return this.#rememberCutOff({
        caSetId,
        generation,
        fingerprint,
        isProved: isProved && !isNotJudged,
        lastSeen: at,
      });
    if (anchor === "") return;
    this.#remember({ caSetId, anchor, fingerprint: client.fingerprint, notAfter: client.notAfter, lastSeen: at });
  }

  /** What there is, in a stable order, and starts anew; undefined when nothing happened. */
  take(): HandshakeTally | undefined {
    if (this.#size === 0 && this.#lost === 0) return undefined;
    const minutes = [...this.#minutes].sort(([a], [b]) => a - b);
    const counts = minutes.flatMap(([, rows]) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row));
    const tally = { lost: this.#lost, counts, clients: [...this.#clients.values()], ...this.#cutOffTold() };
    this.#minutes = new Map();
    this.#clients = new Map();
    this.#cutOff = new Map();
    this.#size = 0;
    this.#lost = 0;
    this.#hasRemovedAnchors = false;
    return tally;
  }

  #count(row: HandshakeCount): void {
    const key = keyOf(row);
    const isKnown = this.#minutes.get(row.at)?.has(key) === true;
    if (isKnown || this.#makeRoom()) return this.#put(row, key);
    // One minute alone fills the table: kinds that it has go on there.
    const [only] = this.#minutes.keys();
    if (only !== undefined && this.#minutes.get(only)?.has(key)) this.#put({ ...row, at: only }, key);
    else this.#lost += row.count;
  }

  #makeRoom(): boolean {
    while (this.#size >= this.#limits.maxCounts) if (!this.#mergeOldest()) return false;
    return true;
  }

  #put(row: HandshakeCount, key: string): void {
    const rows = this.#minutes.get(row.at) ?? new Map<string, HandshakeCount>();
    this.#minutes.set(row.at, rows);
    const same = rows.get(key);
    if (same === undefined) this.#size += 1;
    const count = row.count + (same?.count ?? 0);
    rows.set(key, { ...row, count, lastSeen: Math.max(row.lastSeen, same?.lastSeen ?? 0) });
  }

  /** The minute after the oldest becomes part of it; false when there is one alone. */
  #mergeOldest(): boolean {
    if (this.#minutes.size < 2) return false;
    const oldest = earliest(this.#minutes.keys(), -1);
    const next = earliest(this.#minutes.keys(), oldest);
    const rows = this.#minutes.get(next) ?? new Map<string, HandshakeCount>();
    this.#minutes.delete(next);
    this.#size -= rows.size;
    for (const [key, row] of rows) this.#put({ ...row, at: oldest }, key);
    return true;
  }

  #cutOffTold(): Pick<HandshakeTally, "cutOff"> {
    return this.#cutOff.size === 0 ? {} : { cutOff: [...this.#cutOff.values()] };
  }

  /**
   * Those that came first, and the proved before the others: who comes later than that many is one more of too many, which a full list
   * tells the control plane.
   */
  #rememberCutOff(client: CutOffClient): void {
    const { caSetId, generation, fingerprint } = client;
    const key = [caSetId, generation.epoch, generation.number, fingerprint].join(" ");
    const before = this.#cutOff.get(key);
    if (before === undefined && this.#cutOff.size >= this.#limits.maxClients && !this.#makeRoomFor(client)) return;
    this.#cutOff.set(key, { ...client, isProved: client.isProved || before?.isProved === true });
  }

  #makeRoomFor({ isProved }: CutOffClient): boolean {
    if (!isProved) return false;
    const other = this.#cutOff.entries().find(([, known]) => !known.isProved);
    return other !== undefined && this.#cutOff.delete(other[0]);
  }

  #remember(client: HandshakeClient): void {
    const key = `${client.caSetId} ${client.fingerprint}`;
    this.#clients.delete(key);
    this.#clients.set(key, client);
    if (this.#clients.size <= this.#limits.maxClients) return;
    const [oldest] = this.#clients.keys();
    if (oldest !== undefined) this.#clients.delete(oldest);
  }
}

function earliest(minutes: Iterable<UnixSeconds>, after: UnixSeconds): UnixSeconds {
  let found = Number.POSITIVE_INFINITY;
  for (const minute of minutes) if (minute > after && minute < found) found = minute;
  return found;
}

function keyOf({ caSetId, version, generation, anchor, outcome, reason }: HandshakeCount): string {
  return `${caSetId}/${version}/${generation.epoch}/${generation.number}/${anchor}/${outcome}/${reason}`;
}

import { type Certificate, type CryptoPort, edgePathLimits, type UnixSeconds, validatePath } from "@tcm/core";
import type { SetChange } from "./removed-anchors.ts";

/** A path to what was removed costs as much as one to what is there: strangers get no more than a hundred of them a second. */
const judgedPerSecond = 100;

/** Tells those whom a removal cut off from everybody else who is refused. */
export class RefusalJudge {
  readonly #crypto: CryptoPort;
  #second: UnixSeconds = 0;
  #judged = 0;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  /**
   * SHA-256 of the anchor that would have let in the refused client before the served generation took it away. Undefined when there is
   * none, and when too many were judged in this second.
   */
  removedAnchor(
    presented: readonly [Certificate, ...Certificate[]],
    change: SetChange | undefined,
    time: UnixSeconds,
  ): string | undefined {
    if (change === undefined || !mayLeadTo(presented, change) || !this.#hasTurn(time)) return undefined;
    const result = validatePath({
      presented,
      anchors: change.removed,
      time,
      purpose: "clientAuth",
      profile: "compat",
      limits: edgePathLimits,
      crypto: this.#crypto,
    });
    return result.verdict === "accepted" ? result.path.anchor.fingerprint : undefined;
  }

  #hasTurn(time: UnixSeconds): boolean {
    if (time !== this.#second) this.#judged = 0;
    this.#second = time;
    this.#judged += 1;
    return this.#judged <= judgedPerSecond;
  }
}

/** A path ends below its anchor: without one that bears its name there is nothing to search. */
function mayLeadTo(presented: readonly Certificate[], { removed }: SetChange): boolean {
  return presented.some(({ issuer }) => removed.bySubject.has(issuer.canonical));
}

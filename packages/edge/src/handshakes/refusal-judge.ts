import { type Certificate, type CryptoPort, edgePathLimits, type UnixSeconds, validatePath } from "@tcm/core";
import type { SetChange } from "./removed-anchors.ts";

/** A path to what was removed costs as much as one to what is there: strangers get no more than a hundred of them a second. */
const judgedPerSecond = 100;

export type Judgement =
  /** `anchor`: SHA-256 of the one that would have let in the client before the served generation took it away. */
  | { readonly kind: "cut-off"; readonly anchor: string }
  | { readonly kind: "stranger" }
  /** Too many came in this second. It names a removed CA, which anybody can; whether that one signed it nobody knows. */
  | { readonly kind: "not-judged" };

const stranger: Judgement = { kind: "stranger" };

/** Tells those whom a removal cut off from everybody else who is refused. */
export class RefusalJudge {
  readonly #crypto: CryptoPort;
  #second: UnixSeconds = 0;
  #judged = 0;

  constructor(crypto: CryptoPort) {
    this.#crypto = crypto;
  }

  /** Of a client that was refused. */
  judge(
    presented: readonly [Certificate, ...Certificate[]],
    change: SetChange | undefined,
    time: UnixSeconds,
  ): Judgement {
    if (change === undefined || !mayLeadTo(presented, change)) return stranger;
    if (!this.#hasTurn(time)) return { kind: "not-judged" };
    const result = validatePath({
      presented,
      anchors: change.removed,
      time,
      purpose: "clientAuth",
      profile: "compat",
      limits: edgePathLimits,
      crypto: this.#crypto,
    });
    return result.verdict === "accepted" ? { kind: "cut-off", anchor: result.path.anchor.fingerprint } : stranger;
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

import type { HandshakeReason } from "@tcm/api-contract";
import {
  type Certificate,
  type CryptoPort,
  commonNames,
  type PathProblemCode,
  pathProblemFacts,
  type UnixMillis,
  type UnixSeconds,
} from "@tcm/core";
import type { EntryChange } from "../edge-engine.ts";
import { decideClient } from "../served/client-verdict.ts";
import { rememberVerifications } from "../served/issuer-memory.ts";
import { readPresented } from "../served/presented-chain.ts";
import type { ServedSet, ServedState } from "../served/served-state.ts";
import { probeCommonName } from "../probe/forged-leaf.ts";
import type { SeenHandshake } from "./handshake-table.ts";
import type { LoggedHandshake } from "./read-log-line.ts";
import { RefusalJudge } from "./refusal-judge.ts";
import { RemovedAnchors } from "./removed-anchors.ts";

export type ProxyHandshakesOptions = {
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  /** What the proxy serves. */
  readonly state: () => ServedState;
};

/** Paths built in a second, at the cost of a signature or two each: beyond, a handshake is counted without its anchor. */
const judgedPerSecond = 500;
/** Remembered of what was accepted, the oldest forgotten first. */
const maxRemembered = 10_000;
const maxIssuers = 1_000;
const maxPathLength = 8;

type Remembered = { readonly set: ServedSet; readonly anchor: string; readonly validUntil: UnixSeconds };
type Refusal = {
  readonly set: ServedSet | undefined;
  readonly reason: HandshakeReason;
  readonly isProved: boolean;
};
type About = Pick<SeenHandshake["kind"], "caSetId" | "version" | "generation">;

/**
 * Makes of what a proxy logged what the built-in edge would tell. The proxy has decided; which anchor let a client in, or would have let
 * it in, our path engine finds out from the certificates in the log. Where those do not suffice the anchor stays empty: NGINX logs
 * the client's own certificate alone, and HAProxy too for a client that it refused; issuers between are remembered from accepted ones.
 */
export class ProxyHandshakes {
  readonly #options: ProxyHandshakesOptions;
  readonly #crypto: CryptoPort;
  readonly #removed = new RemovedAnchors();
  readonly #judge: RefusalJudge;
  readonly #accepted = new Map<string, Remembered>();
  readonly #issuers = new Map<string, Certificate>();
  #second: UnixSeconds = 0;
  #judged = 0;

  constructor(options: ProxyHandshakesOptions) {
    this.#options = options;
    this.#crypto = rememberVerifications(options.crypto);
    this.#judge = new RefusalJudge(this.#crypto);
  }

  /** After the proxy has taken the change. */
  noteChange(change: EntryChange): void {
    this.#removed.note(change);
  }

  /** Undefined for a probe of ours, and for an entry that is not served here. */
  seen(logged: LoggedHandshake): SeenHandshake | undefined {
    const { sets, edgeCertificates } = this.#options.state();
    const caSetId = edgeCertificates.get(logged.entryId)?.caSetId ?? /^ca-set\/(\d+)$/.exec(logged.entryId)?.[1];
    if (caSetId === undefined) return undefined;
    const now = this.#options.clock();
    const at = Math.floor(Math.min(logged.atMs ?? now, now) / 1_000);
    const set = sets.get(caSetId);
    const generation = this.#removed.of(caSetId)?.generation ?? { epoch: 0, number: 0 };
    const about = { caSetId, version: set?.caSet.version ?? 0, generation };
    if (logged.outcome === "no-certificate") return refused(about, at, "client-certificate-missing");
    if (logged.outcome === "failed") {
      return { kind: { ...about, anchor: "", outcome: "failed", reason: "handshake-failed" }, at };
    }
    const chain = this.#read(logged.presented);
    return logged.outcome === "accepted"
      ? this.#accept(about, at, chain, set)
      : this.#refuse(about, at, chain, {
          set,
          reason: reasonOf(logged.verifyError),
          isProved: logged.isKeyUnproved !== true,
        });
  }

  #read(presented: readonly Uint8Array[]): readonly [Certificate, ...Certificate[]] | undefined {
    const read = readPresented(presented, this.#crypto);
    if (read.kind !== "certificates") return undefined;
    const [leaf, ...sent] = read.certificates;
    return [leaf, ...sent, ...this.#knownIssuers(sent.at(-1) ?? leaf)];
  }

  #accept(
    about: About,
    at: UnixSeconds,
    chain: readonly [Certificate, ...Certificate[]] | undefined,
    set: ServedSet | undefined,
  ): SeenHandshake {
    const anchor = chain === undefined || set === undefined ? "" : this.#anchorOf(chain, set, at);
    return { kind: { ...about, anchor, outcome: "accepted", reason: "" }, at, client: chain?.[0] };
  }

  #anchorOf(chain: readonly [Certificate, ...Certificate[]], set: ServedSet, at: UnixSeconds): string {
    const { fingerprint } = chain[0];
    const before = this.#accepted.get(fingerprint);
    if (before?.set === set && at <= before.validUntil) return before.anchor;
    if (!this.#hasTurn(at)) return "";
    const verdict = decideClient({ kind: "certificates", certificates: chain }, set, at, this.#crypto);
    if (!verdict.accepted) return "";
    const anchor = verdict.path.anchor.fingerprint;
    keep(this.#accepted, fingerprint, { set, anchor, validUntil: verdict.validUntil }, maxRemembered);
    for (const issuer of verdict.path.certificates.slice(1)) {
      if (issuer.fingerprint !== anchor) keep(this.#issuers, issuer.subject.canonical, issuer, maxIssuers);
    }
    return anchor;
  }

  #refuse(
    about: About,
    at: UnixSeconds,
    chain: readonly [Certificate, ...Certificate[]] | undefined,
    { set, reason: told, isProved }: Refusal,
  ): SeenHandshake | undefined {
    if (chain === undefined) return refused(about, at, told);
    const judgement = this.#judge.judge(chain, this.#removed.of(about.caSetId), at);
    if (judgement.kind !== "cut-off" && isProbe(chain[0])) return undefined;
    const reason = this.#reason(chain, set, at) ?? told;
    if (judgement.kind === "stranger") return refused(about, at, reason);
    const client = chain[0];
    if (judgement.kind === "not-judged") return { ...refused(about, at, reason), client, isNotJudged: true };
    const { anchor } = judgement;
    return { kind: { ...about, anchor, outcome: "removed-anchor", reason }, at, client, isProved };
  }

  /** The code of our engine, which says more than OpenSSL's; `engine-refused` where it would have let the client in. */
  #reason(
    chain: readonly [Certificate, ...Certificate[]],
    set: ServedSet | undefined,
    at: UnixSeconds,
  ): HandshakeReason | undefined {
    if (!this.#hasTurn(at)) return undefined;
    const verdict = decideClient({ kind: "certificates", certificates: chain }, set, at, this.#crypto);
    return verdict.accepted ? "engine-refused" : verdict.code;
  }

  #knownIssuers(below: Certificate): readonly Certificate[] {
    const found: Certificate[] = [];
    let next = this.#issuers.get(below.issuer.canonical);
    while (next !== undefined && found.length < maxPathLength && !found.includes(next)) {
      found.push(next);
      next = this.#issuers.get(next.issuer.canonical);
    }
    return found;
  }

  #hasTurn(time: UnixSeconds): boolean {
    if (time !== this.#second) this.#judged = 0;
    this.#second = time;
    this.#judged += 1;
    return this.#judged <= judgedPerSecond;
  }
}

function refused(about: About, at: UnixSeconds, reason: HandshakeReason): SeenHandshake {
  return { kind: { ...about, anchor: "", outcome: "refused", reason }, at };
}

/** One that a removed anchor really signed is none, whatever it is called. */
function isProbe({ subject }: Certificate): boolean {
  return commonNames(subject).includes(probeCommonName);
}

const codes = new Map(
  (Object.keys(pathProblemFacts) as PathProblemCode[])
    .toReversed()
    .map((code) => [pathProblemFacts[code].openSslError, code] as const),
);

function reasonOf(verifyError: number | undefined): HandshakeReason {
  return (verifyError === undefined ? undefined : codes.get(verifyError)) ?? "not-told";
}

function keep<T>(memory: Map<string, T>, key: string, value: T, most: number): void {
  memory.delete(key);
  memory.set(key, value);
  const [oldest] = memory.keys();
  if (memory.size > most && oldest !== undefined) memory.delete(oldest);
}

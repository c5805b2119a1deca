import { type CryptoPort, trialHostname } from "@tcm/core";
import type { EngineOutcome, EntryChange } from "../edge-engine.ts";
import { nothingServed, planState, type ServedState } from "../served/served-state.ts";
import { findSite } from "../served/site.ts";
import type { TlsContexts } from "./tls-contexts.ts";

/** What is served now. Replaced as a whole, after everything that can fail has been tried on the next state. */
export class ServingEntries {
  readonly #crypto: CryptoPort;
  readonly #contexts: TlsContexts;
  #state = nothingServed;

  constructor(crypto: CryptoPort, contexts: TlsContexts) {
    this.#crypto = crypto;
    this.#contexts = contexts;
  }

  get state(): ServedState {
    return this.#state;
  }

  apply(change: EntryChange): EngineOutcome {
    const { entryId, previous, next } = change;
    const plan = planState(this.#state, entryId, previous, next, this.#crypto);
    if (!plan.ok) return { ok: false, code: "engine-refused", detail: plan.detail };
    try {
      for (const hostname of hostnamesOf(plan.state, change)) this.#makeContext(plan.state, hostname);
    } catch (error) {
      return { ok: false, code: "engine-refused", detail: error instanceof Error ? error.message : String(error) };
    }
    this.#state = plan.state;
    return { ok: true, detail: next === null ? "no longer served" : "served to every new handshake" };
  }

  #makeContext(state: ServedState, hostname: string): void {
    const site = findSite(state, hostname);
    if (site !== undefined) this.#contexts.contextFor(site);
  }
}

/** The hostnames whose TLS context the change makes or changes. */
function hostnamesOf(state: ServedState, { next }: EntryChange): readonly string[] {
  if (next === null) return [];
  if (next.kind === "edge-certificate") return next.edgeCertificate.hostnames;
  const { caSetId } = next.caSet;
  const bound = [...state.edgeCertificates.values()].filter(
    (content) => content.caSetId === caSetId && content.sendCaListToClient,
  );
  return [trialHostname(caSetId), ...bound.flatMap(({ hostnames }) => hostnames)];
}

import type { CryptoPort, EntryId, Network } from "@tcm/core";
import type { EdgeEngine, EngineContent, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { nothingServed, planState, type ServedState } from "../served/served-state.ts";
import { proveEntry } from "../served/prove-entry.ts";

export type MemoryEngineOptions = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  /**
   * Asked before each step. An outcome is answered instead of taking the step; a promise that never resolves is an
   * engine that hangs; undefined lets the step go on.
   */
  readonly answer?: (
    step: EngineStep,
    change: EntryChange,
  ) => EngineOutcome | undefined | Promise<EngineOutcome | undefined>;
};

export type EngineStep = "apply" | "verify";

/** An engine that has every rule of the built-in edge about what may be served, and no clients. For tests of whoever drives engines. */
export type MemoryEngine = EdgeEngine & {
  /** What is served now, by entry. */
  readonly contents: ReadonlyMap<EntryId, EngineContent>;
  readonly state: () => ServedState;
  /** Every call, in the order they came, refused and hanging ones included. */
  readonly calls: readonly EngineCall[];
  readonly isClosed: () => boolean;
};

export type EngineCall = { readonly step: EngineStep; readonly change: EntryChange };

export function openMemoryEngine({ network, crypto, answer }: MemoryEngineOptions): MemoryEngine {
  let state = nothingServed;
  let closed = false;
  const contents = new Map<EntryId, EngineContent>();
  const calls: EngineCall[] = [];

  function apply({ entryId, previous, next }: EntryChange): EngineOutcome {
    const plan = planState(state, entryId, previous, next, crypto);
    if (!plan.ok) return { ok: false, code: "engine-refused", detail: plan.detail };
    state = plan.state;
    if (next === null) contents.delete(entryId);
    else contents.set(entryId, next);
    return { ok: true, detail: "kept in memory" };
  }

  async function step(name: EngineStep, change: EntryChange): Promise<EngineOutcome> {
    calls.push({ step: name, change });
    if (closed) return { ok: false, code: "engine-refused", detail: "the engine is closed" };
    const answered = await answer?.(name, change);
    if (answered !== undefined) return answered;
    return name === "apply" ? apply(change) : proveEntry(state, change, crypto);
  }

  return {
    description: { engine: "memory", version: "1", network, highestLevel: "verified" },
    contents,
    calls,
    state: () => state,
    isClosed: () => closed,
    apply: (change) => step("apply", change),
    verify: (change) => step("verify", change),
    async close() {
      closed = true;
    },
  };
}

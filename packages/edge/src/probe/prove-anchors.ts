import { setTimeout as delay } from "node:timers/promises";
import type { Certificate } from "@tcm/core";
import type { EngineOutcome } from "../edge-engine.ts";
import { type TrustChange, unprovable, unproved } from "../trust-files/trust-file-driver.ts";
import { ambiguity, isAlsoTrustedAs } from "./ambiguity.ts";
import { type ProbeTarget, probeAnchor, type ReadProbe } from "./probe-anchor.ts";

export type ProbeOptions = {
  readonly clock: () => number;
  readonly read: ReadProbe;
  /** How long a listener may still answer as before: a worker that is on its way out takes a last connection. */
  readonly settleMs: number;
};

type Expectation = {
  readonly anchor: Certificate;
  readonly target: ProbeTarget;
  readonly wanted: "present" | "absent";
};

const probesAtOnce = 8;
const retryMs = 25;

/**
 * Proves by forged leaves that the listeners trust what was added and no longer what was removed; of a file that did not
 * change, one anchor. Fails with the first answer that is another; unprovable where no answer could tell.
 */
export async function proveAnchors(
  { file, added, removed }: TrustChange,
  targets: readonly ProbeTarget[],
  options: ProbeOptions,
): Promise<EngineOutcome> {
  const gone = removed.filter((anchor) => !isAlsoTrustedAs(anchor, file.anchors));
  const present = added.length > 0 ? added : file.anchors.slice(0, 1);
  const doubt = [...present, ...gone]
    .map((anchor) => ambiguity(anchor, file.anchors))
    .find((text) => text !== undefined);
  if (doubt !== undefined) return unprovable(`the probe cannot tell: ${doubt}`);
  const expectations = targets.flatMap((target) => [
    ...present.map((anchor): Expectation => ({ anchor, target, wanted: "present" })),
    ...gone.map((anchor): Expectation => ({ anchor, target, wanted: "absent" })),
  ]);
  const failure = await firstFailure(expectations, options);
  if (failure !== undefined) return unproved(failure);
  return { ok: true, detail: `${expectations.length} ${expectations.length === 1 ? "probe" : "probes"}` };
}

async function firstFailure(expectations: readonly Expectation[], options: ProbeOptions): Promise<string | undefined> {
  const waiting = expectations.values();
  let failure: string | undefined;
  const work = async () => {
    for (const expectation of waiting) {
      if (failure !== undefined) return;
      const found = await failureOf(expectation, options);
      // Only now: one that was found while this probe was on its way stands.
      failure ??= found;
    }
  };
  await Promise.all(Array.from({ length: probesAtOnce }, work));
  return failure;
}

async function failureOf({ anchor, target, wanted }: Expectation, options: ProbeOptions): Promise<string | undefined> {
  const deadline = options.clock() + options.settleMs;
  for (;;) {
    const now = options.clock();
    const verdict = await probeAnchor(target, anchor, Math.floor(now / 1000), options.read);
    if (verdict.anchor === wanted) return undefined;
    if (options.clock() >= deadline) {
      const { fingerprint } = anchor;
      return `${target.host}:${target.port}: ${fingerprint.slice(0, 16)} should be ${wanted}, but: ${verdict.detail}`;
    }
    await delay(retryMs);
  }
}

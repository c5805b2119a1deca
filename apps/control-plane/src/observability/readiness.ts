import { setTimeout as delay } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { Failover } from "../store/store.ts";

/** One thing without which this process should be sent nothing. */
export type Check = {
  /** Rejecting is "no" as well. */
  readonly holds: () => Promise<boolean>;
  /** Said to anybody who asks: no names, no addresses. */
  readonly otherwise: string;
  /** Said instead of `ok` while it holds, where there is more to say. */
  readonly remark?: () => string | undefined;
};

export type Checks = Readonly<Record<string, Check>>;

/** `checks` by name: `ok` or a remark, or why not. */
export type ReadinessReport = {
  readonly isReady: boolean;
  readonly reasons: readonly string[];
  readonly checks: Readonly<Record<string, string>>;
  /** Where the store is on a server that another one may take the place of. */
  readonly failover?: Failover | undefined;
};

export type Readiness = () => Promise<ReadinessReport>;

export type ReadinessOptions = {
  readonly checks: Checks;
  readonly failover?: (() => Promise<Failover>) | undefined;
  readonly isStopping: () => boolean;
  readonly log: FastifyBaseLogger;
};

/** Anybody may ask, as often as they like, and one of the checks writes: they are done once in this time. */
const freshMs = 1_000;
/** Longer than any sound store takes, shorter than those wait who ask. */
const checkWithinMs = 3_000;

const stopping: ReadinessReport = { isReady: false, reasons: ["The process is stopping."], checks: {} };

/** Does all checks at the same time. A change of the answer is logged. */
export function openReadiness({ checks, failover, isStopping, log }: ReadinessOptions): Readiness {
  let last: { readonly report: Promise<ReadinessReport>; readonly at: number } | undefined;
  let wasReady = true;
  const look = async (): Promise<ReadinessReport> => {
    const standby = within(failover ?? (async () => undefined)).catch(() => undefined);
    const results = await Promise.all(Object.entries(checks).map(([name, check]) => run(name, check, log)));
    const reasons = results.flatMap(([, result, holds]) => (holds ? [] : [result]));
    const isReady = reasons.length === 0;
    if (isReady !== wasReady) log[isReady ? "info" : "warn"]({ reasons }, isReady ? "ready again" : "not ready");
    wasReady = isReady;
    const said = Object.fromEntries(results.map(([name, result]) => [name, result]));
    return { isReady, reasons, checks: said, failover: await standby };
  };
  return async () => {
    if (isStopping()) return stopping;
    const now = performance.now();
    if (last === undefined || now - last.at > freshMs) last = { report: look(), at: now };
    const report = await last.report;
    return isStopping() ? stopping : report;
  };
}

async function run(name: string, { holds, otherwise, remark }: Check, log: FastifyBaseLogger) {
  try {
    if (await within(holds)) return [name, remark?.() ?? "ok", true] as const;
  } catch (error) {
    log.debug({ err: error, check: name }, "a check of readiness failed");
  }
  return [name, otherwise, false] as const;
}

async function within<T>(ask: () => Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = delay(checkWithinMs, undefined, { signal: answered.signal }).then(
    () => Promise.reject(new Error(`no answer within ${checkWithinMs} ms`)),
    () => Promise.reject(new Error("answered")),
  );
  try {
    return await Promise.race([ask(), late]);
  } finally {
    answered.abort();
  }
}

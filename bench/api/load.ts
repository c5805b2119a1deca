export type Load = { readonly requests: number; readonly atOnce: number };

export type Latencies = {
  /** Milliseconds to the first byte of the body. */
  readonly firstByte: readonly number[];
  /** Milliseconds to the last. */
  readonly whole: readonly number[];
  readonly perSecond: number;
};

/** `atOnce` askers, each with one request after the other. Fails on any status but the wanted one. */
export async function underLoad(
  ask: () => Promise<Response>,
  status: number,
  { requests, atOnce }: Load,
): Promise<Latencies> {
  const firstByte: number[] = [];
  const whole: number[] = [];
  let left = requests;
  const asker = async (): Promise<void> => {
    while (left-- > 0) {
      const begin = performance.now();
      const response = await ask();
      if (response.status !== status) throw new Error(`answered ${response.status}: ${await response.text()}`);
      let bytes = 0;
      for await (const chunk of response.body ?? []) {
        if (bytes === 0) firstByte.push(performance.now() - begin);
        bytes += chunk.byteLength;
      }
      whole.push(performance.now() - begin);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: atOnce }, asker));
  return { firstByte, whole, perSecond: requests / ((performance.now() - begin) / 1_000) };
}

/** The smallest value that `share` of all stay at or below. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Several turns as one. */
export function mergeLatencies(turns: readonly Latencies[]): Latencies {
  const perSecond = turns.reduce((sum, turn) => sum + turn.perSecond, 0) / turns.length;
  return { firstByte: turns.flatMap((t) => t.firstByte), whole: turns.flatMap((t) => t.whole), perSecond };
}

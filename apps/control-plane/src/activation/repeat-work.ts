/** Work that is looked for again and again. `stop` resolves when none of it is under way any more. */
export type RepeatedWork = { stop(): Promise<void> };

export type RepeatOptions = {
  readonly intervalMs: number;
  /** One after the other: a slow store makes it rarer, and never piles it up. */
  readonly work: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
};

/** Does the work now, which takes up what an earlier process left, and then at every interval. */
export function repeatWork({ intervalMs, work, onFault }: RepeatOptions): RepeatedWork {
  let running: Promise<void> | undefined;
  const look = (): void => {
    running ??= work()
      .catch(onFault)
      .finally(() => {
        running = undefined;
      });
  };
  look();
  const timer = setInterval(look, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

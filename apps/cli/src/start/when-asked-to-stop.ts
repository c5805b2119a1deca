const parentWatchMs = 250;

/**
 * When this process should end what it runs: on a signal, when the process that handed it a channel has gone, or when npm,
 * which started it, was killed and cannot pass on anything.
 */
export function whenAskedToStop(): { readonly asked: Promise<undefined>; forget(): void } {
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(undefined);
  const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  // The listener keeps the channel, and with it this process, alive: only where there is a channel.
  if (process.connected) process.on("disconnect", stop);
  const watch = process.env["npm_lifecycle_event"] === undefined ? undefined : watchParent(stop);
  const forget = (): void => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, stop);
    process.off("disconnect", stop);
    if (process.connected) process.disconnect?.();
  };
  return { asked, forget };
}

/** A process whose parent has died gets another one. */
function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, parentWatchMs);
}

/** By a signal, or because the process that started this one has gone. */
export function whenAskedToStop(): { readonly asked: Promise<undefined>; forget(): void } {
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(undefined);
  const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  // The listener keeps the channel, and with it this process, alive: only where there is a channel.
  if (process.connected) process.on("disconnect", stop);
  const forget = (): void => {
    for (const signal of signals) process.off(signal, stop);
    process.off("disconnect", stop);
    if (process.connected) process.disconnect?.();
  };
  return { asked, forget };
}

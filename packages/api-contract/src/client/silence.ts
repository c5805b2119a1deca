/** Aborts when nothing was heard for so long. */
export type Silence = { readonly signal: AbortSignal; readonly heard: () => void; readonly end: () => void };

/** A connection whose other end has vanished says nothing, not even that it has ended. */
export function watchSilence(afterMs: number, reason: () => Error): Silence {
  const controller = new AbortController();
  const begin = () => setTimeout(() => controller.abort(reason()), afterMs);
  let timer = begin();
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer);
      timer = begin();
    },
    end: () => clearTimeout(timer),
  };
}

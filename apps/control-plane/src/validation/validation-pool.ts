import { Worker } from "node:worker_threads";
import type { AnswerTo, WorkerQuestion } from "./worker-question.ts";

/** Answers validations off the event loop; refuses when too many wait, so that a flood cannot eat the memory. */
export type ValidationPool = {
  /** "busy" when the queue is full. */
  ask<Q extends WorkerQuestion>(question: Q): Promise<AnswerTo<Q> | "busy">;
  load(): { readonly waiting: number; readonly isBusy: boolean };
  close(): Promise<void>;
};

export type PoolOptions = { readonly maxWaiting: number; readonly timeoutMs: number };

type Waiting = {
  readonly question: WorkerQuestion;
  readonly resolve: (answer: AnswerTo<WorkerQuestion>) => void;
  readonly reject: (error: Error) => void;
};

/** A set of 300 takes a tenth of a second: whatever takes this long is stuck, and its thread is ended. */
export const defaultPoolOptions: PoolOptions = { maxWaiting: 32, timeoutMs: 20_000 };

const workerFile = new URL("./validation-worker.ts", import.meta.url);

export function openValidationPool({ maxWaiting, timeoutMs }: PoolOptions = defaultPoolOptions): ValidationPool {
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let current: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const settle = (finish: (waiting: Waiting) => void): void => {
    clearTimeout(timer);
    const done = current;
    current = undefined;
    if (done !== undefined) finish(done);
    startNext();
  };

  const discard = (reason: Error): void => {
    const lost = worker;
    worker = undefined;
    void lost?.terminate();
    settle(({ reject }) => reject(reason));
  };

  const openWorker = (): Worker => {
    // A hostile submission may want much memory: the thread dies then, and not the control plane.
    const opened = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    opened.unref();
    opened.on("message", (answer: AnswerTo<WorkerQuestion>) => {
      // The answer of a thread that was given up must not be taken for that of its successor.
      if (worker === opened) settle(({ resolve }) => resolve(answer));
    });
    opened.on("error", (error) => {
      if (worker === opened) discard(error instanceof Error ? error : new Error(String(error)));
    });
    return opened;
  };

  const startNext = (): void => {
    if (current !== undefined) return;
    current = queue.shift();
    if (current === undefined) return;
    worker ??= openWorker();
    timer = setTimeout(() => discard(new Error("validation took too long")), timeoutMs);
    worker.postMessage(current.question);
  };

  return {
    ask: <Q extends WorkerQuestion>(question: Q) => {
      if (isClosed) return Promise.reject(stopping());
      if (queue.length >= maxWaiting) return Promise.resolve("busy" as const);
      return new Promise<AnswerTo<Q>>((resolve, reject) => {
        // The worker answers each question by its kind.
        queue.push({ question, resolve: resolve as Waiting["resolve"], reject });
        startNext();
      });
    },
    load: () => ({ waiting: queue.length, isBusy: current !== undefined }),
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      for (const { reject } of [...(current === undefined ? [] : [current]), ...queue.splice(0)]) reject(stopping());
      current = undefined;
      const last = worker;
      worker = undefined;
      await last?.terminate();
    },
  };
}

function stopping(): Error {
  return new Error("the control plane is stopping");
}

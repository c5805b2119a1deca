import { Worker } from "node:worker_threads";
import type { AnswerTo, WorkerQuestion } from "./worker-question.ts";

export type PoolOptions = { readonly maxWaiting: number; readonly timeoutMs: number };

type Waiting = {
  readonly question: WorkerQuestion;
  readonly resolve: (answer: AnswerTo<WorkerQuestion>) => void;
  readonly reject: (error: Error) => void;
};

/** A set of 300 takes a tenth of a second: whatever takes this long is stuck, and its thread is ended. */
export const defaultPoolOptions: PoolOptions = { maxWaiting: 32, timeoutMs: 20_000 };

const workerFile = new URL("./validation-worker.ts", import.meta.url);
/** A hostile submission may want much memory: the thread dies then, and not the control plane. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** Answers validations off the event loop, one after the other; refuses when too many wait, so that a flood cannot eat the memory. */
export class ValidationPool {
  readonly #options: PoolOptions;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PoolOptions = defaultPoolOptions) {
    this.#options = options;
  }

  /** "busy" when the queue is full. */
  async ask<Q extends WorkerQuestion>(question: Q): Promise<AnswerTo<Q> | "busy"> {
    if (this.#isClosed) throw stopping();
    if (this.#queue.length >= this.#options.maxWaiting) return "busy";
    return new Promise<AnswerTo<Q>>((resolve, reject) => {
      // The worker answers each question by its kind.
      this.#queue.push({ question, resolve: resolve as Waiting["resolve"], reject });
      this.#startNext();
    });
  }

  load(): { readonly waiting: number; readonly isBusy: boolean } {
    return { waiting: this.#queue.length, isBusy: this.#current !== undefined };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#current?.reject(stopping());
    for (const { reject } of this.#queue.splice(0)) reject(stopping());
    this.#current = undefined;
    const last = this.#worker;
    this.#worker = undefined;
    await last?.terminate();
  }

  #startNext(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#queue.shift();
    if (this.#current === undefined) return;
    this.#worker ??= this.#openWorker();
    this.#timer = setTimeout(() => this.#discard(new Error("validation took too long")), this.#options.timeoutMs);
    this.#worker.postMessage(this.#current.question);
  }

  #openWorker(): Worker {
    const opened = new Worker(workerFile, { resourceLimits });
    opened.unref();
    // What a thread that was given up says must not be taken for a word of its successor.
    opened.on("message", (answer: AnswerTo<WorkerQuestion>) => {
      if (this.#worker === opened) this.#settle(({ resolve }) => resolve(answer));
    });
    opened.on("error", (error) => {
      if (this.#worker === opened) this.#discard(error instanceof Error ? error : new Error(String(error)));
    });
    return opened;
  }

  #settle(finish: (waiting: Waiting) => void): void {
    clearTimeout(this.#timer);
    const done = this.#current;
    this.#current = undefined;
    if (done !== undefined) finish(done);
    this.#startNext();
  }

  #discard(reason: Error): void {
    const lost = this.#worker;
    this.#worker = undefined;
    void lost?.terminate();
    this.#settle(({ reject }) => reject(reason));
  }
}

function stopping(): Error {
  return new Error("the control plane is stopping");
}

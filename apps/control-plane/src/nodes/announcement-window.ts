/** How many nodes of a network are told of changes at a time, and how long one may take to answer. */
export type WindowOptions = {
  readonly size: number;
  /** From being told to having applied or rejected all of it. After it the node keeps nobody waiting. */
  readonly deadlineMs: number;
};

/** Two hundred nodes that fetch a certificate each are some hundred kilobytes on their way: edges.md §2. */
export const usualWindow: WindowOptions = { size: 200, deadlineMs: 10_000 };

/** A node that can be told. */
export type Member = {
  /** Tells what is new. False: the node has nothing to answer. */
  tell(): boolean;
};

/** Runs `act` after a time, unless it is cancelled by what it answers. */
export type Timer = (ms: number, act: () => void) => () => void;

const processTimer: Timer = (ms, act) => {
  const timer = setTimeout(act, ms).unref();
  return () => clearTimeout(timer);
};

export type WindowCounts = { readonly inFlight: number; readonly waiting: number; readonly behind: number };

/**
 * Nodes are told in waves: one that has answered makes room for the next. A node that let its deadline pass is behind until it
 * has answered, and meanwhile has only a quarter of the window to share with its like, after all others.
 */
export class AnnouncementWindow<Node extends Member> {
  readonly #options: WindowOptions;
  readonly #onBehind: (node: Node) => void;
  readonly #after: Timer;
  /** Each with what cancels its deadline. */
  readonly #inFlight = new Map<Node, () => void>();
  readonly #waiting = new Set<Node>();
  readonly #behind = new Set<Node>();
  #behindInFlight = 0;

  constructor(options: WindowOptions, onBehind: (node: Node) => void, after = processTimer) {
    this.#options = options;
    this.#onBehind = onBehind;
    this.#after = after;
  }

  /** Has the node told, now or when there is room. Who is being told hears more at once, and gets no more time for it. */
  enter(node: Node): void {
    if (this.#inFlight.has(node)) return void node.tell();
    this.#waiting.add(node);
    this.#fill();
  }

  /** The node has answered all that it was told. */
  answered(node: Node): void {
    this.#endFlight(node);
    this.#behind.delete(node);
    this.#fill();
  }

  /** The node has gone. */
  forget(node: Node): void {
    this.#waiting.delete(node);
    this.answered(node);
  }

  counts(): WindowCounts {
    return { inFlight: this.#inFlight.size, waiting: this.#waiting.size, behind: this.#behind.size };
  }

  #fill(): void {
    for (let node = this.#next(); node !== undefined; node = this.#next()) this.#tell(node);
  }

  #next(): Node | undefined {
    const { size } = this.#options;
    if (this.#inFlight.size >= size || this.#waiting.size === 0) return undefined;
    let late: Node | undefined;
    for (const node of this.#waiting) {
      if (!this.#behind.has(node)) return node;
      late ??= node;
    }
    return this.#behindInFlight < Math.max(1, Math.floor(size / 4)) ? late : undefined;
  }

  /** In flight before it is told: what is said to it may end its session. */
  #tell(node: Node): void {
    this.#waiting.delete(node);
    if (this.#behind.has(node)) this.#behindInFlight++;
    this.#inFlight.set(
      node,
      this.#after(this.#options.deadlineMs, () => this.#runOut(node)),
    );
    if (!node.tell()) this.#endFlight(node);
  }

  #runOut(node: Node): void {
    this.#endFlight(node);
    const isNews = !this.#behind.has(node);
    this.#behind.add(node);
    if (isNews) this.#onBehind(node);
    this.#fill();
  }

  #endFlight(node: Node): void {
    this.#inFlight.get(node)?.();
    if (this.#inFlight.delete(node) && this.#behind.has(node)) this.#behindInFlight--;
  }
}

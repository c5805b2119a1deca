import { escapeText } from "@tcm/core";
import { duration } from "../output/date.ts";
import { styled, type Terminal } from "../output/terminal.ts";

/** One thing that was expected to happen, and what did. */
export type Check = {
  readonly expectation: string;
  readonly held: boolean;
  readonly observed: string;
  readonly tookMs: number | null;
};

export type Step = { readonly title: string; readonly notes: readonly string[]; readonly checks: readonly Check[] };

type OpenStep = { readonly title: string; readonly notes: string[]; readonly checks: Check[] };

/** Tells the story while it happens, and keeps it for `--json` and the verdict. */
export class DemoReport {
  readonly #steps: OpenStep[] = [];
  readonly #terminal: Terminal | undefined;
  readonly #now: () => number;

  /** Without a terminal nothing is shown. */
  constructor(terminal: Terminal | undefined, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Every expectation held, and there were some. */
  get ok(): boolean {
    const checks = this.#steps.flatMap((step) => step.checks);
    return checks.length > 0 && checks.every(({ held }) => held);
  }

  step(title: string): void {
    this.#steps.push({ title, notes: [], checks: [] });
    const number = String(this.#steps.length).padStart(2);
    this.#show((terminal) => `\n${number}  ${styled(terminal, "bold", title)}\n`);
  }

  note(text: string): void {
    this.#steps.at(-1)?.notes.push(text);
    this.#show((terminal) => `    ${styled(terminal, "dim", escapeText(text))}\n`);
  }

  check(expectation: string, held: boolean, observed: string, tookMs: number | null = null): void {
    this.#steps.at(-1)?.checks.push({ expectation, held, observed, tookMs });
    const time = tookMs === null ? "" : `  (${tookMs < 1000 ? `${Math.round(tookMs)} ms` : duration(tookMs)})`;
    this.#show((terminal) => {
      const mark = held ? styled(terminal, "green", "✓") : styled(terminal, "red", "✗");
      return `    ${mark} ${escapeText(expectation)}: ${escapeText(observed)}${styled(terminal, "dim", time)}\n`;
    });
  }

  /** Does something, and measures how long it took. */
  async timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly tookMs: number }> {
    const from = this.#now();
    const value = await work();
    return { value, tookMs: this.#now() - from };
  }

  #show(render: (terminal: Terminal) => string): void {
    if (this.#terminal !== undefined) this.#terminal.out(render(this.#terminal));
  }
}

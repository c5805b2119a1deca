/** Runs what it is given one after the other, in the order it was given. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that was given until now is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** Primary result codes of SQLite, https://sqlite.org/rescode.html: CORRUPT and NOTADB. */
const damages: ReadonlySet<number> = new Set([11, 26]);

/** Whether a statement met a page of the store that cannot be true. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && damages.has(errcode & 0xff);
}

/**
 * What is known of the pages of an embedded store. Damage that was met once stays known until the store is opened anew, since it does not
 * go by itself, and the next statement may not meet it.
 */
export class StoreIntegrity {
  #damage: string | undefined;
  #isLooking = false;
  #tell: ((damage: string) => void) | undefined;

  /** In SQLite's words; undefined: none was met. */
  get damage(): string | undefined {
    return this.#damage;
  }

  /** A large store is served while every page of it is looked at. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Of every error that a statement ends with. */
  note(error: unknown): void {
    if (isDamage(error)) this.found(error instanceof Error ? error.message : String(error));
  }

  found(damage: string): void {
    if (this.#damage !== undefined) return;
    this.#damage = damage;
    this.#tell?.(damage);
  }

  /** Told once, of the first damage; at once where it is known already. */
  onDamage(tell: (damage: string) => void): void {
    this.#tell = tell;
    if (this.#damage !== undefined) tell(this.#damage);
  }

  async during(look: Promise<string | undefined>): Promise<void> {
    this.#isLooking = true;
    const damage = await look.finally(() => (this.#isLooking = false));
    if (damage !== undefined) this.found(damage);
  }
}

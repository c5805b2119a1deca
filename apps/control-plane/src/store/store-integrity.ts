/** Primary result codes of SQLite, https://sqlite.org/rescode.html: CORRUPT and NOTADB. */
const damages: ReadonlySet<number> = new Set([11, 26]);

/** Whether a statement met a page of the store that cannot be true. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && damages.has(errcode & 0xff);
}

/** Of a write to a store that is known to be damaged: it would be acknowledged, and lost with the store. */
class StoreDamaged extends Error {
  override readonly name = "StoreDamaged";
  /** CORRUPT: told like what a statement meets. */
  readonly errcode = 11;
}

/**
 * What is known of the pages of an embedded store. Damage that was met once stays known until the store is opened anew, since it does not
 * go by itself, and the next statement may not meet it.
 */
export class StoreIntegrity {
  #damage: string | undefined;
  #isLooking = false;
  #tell: ((damage: string) => void) | undefined;
  #failure: Error | undefined;
  #tellFailure: ((failure: Error) => void) | undefined;

  /** In SQLite's words; undefined: none was met. */
  get damage(): string | undefined {
    return this.#damage;
  }

  /** A large store is served while every page of it is looked at. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Why the look at every page came to no end: nobody knows more than statements meet. Undefined: it did, or is not over. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  refuseWrites(): void {
    if (this.#damage !== undefined) throw new StoreDamaged(`the store takes no more writes: ${this.#damage}`);
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

  /** Likewise, of a look that came to no end. */
  onFailure(tell: (failure: Error) => void): void {
    this.#tellFailure = tell;
    if (this.#failure !== undefined) tell(this.#failure);
  }

  async during(look: Promise<string | undefined>): Promise<void> {
    this.#isLooking = true;
    try {
      const damage = await look;
      if (damage !== undefined) this.found(damage);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#tellFailure?.(this.#failure);
    } finally {
      this.#isLooking = false;
    }
  }
}

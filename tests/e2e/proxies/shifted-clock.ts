/** Loaded before a program: its clock is `?hours=` ahead from then on, or behind. Its TLS library asks the system, and is not fooled. */
const shiftMs = Number(new URL(import.meta.url).searchParams.get("hours")) * 3_600_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
} as DateConstructor;

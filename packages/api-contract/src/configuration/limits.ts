import { maxCertificatesPerVersion } from "@tcm/core";

/** mETS; configuration, since installations differ. */
export type Limits = {
  readonly caSets: number;
  readonly versionsPerCaSet: number;
  readonly certificatesPerVersion: number;
  /** Of one actor, who may also send as many at once. */
  readonly requestsPerMinute: number;
};

/** Two hundred requests a second are more than any script of ours needs; a loop that has gone wild is held there. */
export const defaultLimits: Limits = {
  caSets: 200,
  versionsPerCaSet: 100,
  certificatesPerVersion: maxCertificatesPerVersion,
  requestsPerMinute: 12_000,
};

/** What may be asked for at most: beyond it nodes refuse what they are sent, or ids leave 31 bits. */
const ceilings: Limits = {
  caSets: 10_000,
  versionsPerCaSet: 10_000,
  certificatesPerVersion: maxCertificatesPerVersion,
  requestsPerMinute: 1_000_000_000,
};

/** Limits from a text such as `caSets=50,requestsPerMinute=600`; what is not named keeps its default. Undefined: not readable. */
export function parseLimits(text: string): Limits | undefined {
  const limits = { ...defaultLimits };
  for (const pair of text.split(",").filter((part) => part !== "")) {
    const [name = "", digits = ""] = pair.split("=");
    const value = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
    if (!isLimit(name) || value < 1 || value > ceilings[name]) return undefined;
    limits[name] = value;
  }
  return limits;
}

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(defaultLimits, name);
}

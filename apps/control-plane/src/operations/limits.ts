/** mETS; configuration, since installations differ. */
export type Limits = {
  readonly caSets: number;
  readonly versionsPerCaSet: number;
  readonly certificatesPerVersion: number;
};

export const defaultLimits: Limits = { caSets: 200, versionsPerCaSet: 100, certificatesPerVersion: 300 };

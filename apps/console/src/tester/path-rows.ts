import type { VerificationView } from "@tcm/api-contract";

type Stop = VerificationView["attempts"][number]["stop"];
type PathCertificate = NonNullable<VerificationView["path"]>[number];

export type PathStep = PathCertificate & {
  /** What the certificate is on this path. */
  readonly role: "client" | "issuing CA" | "trust anchor";
  /** Where the path ended. */
  readonly isStop: boolean;
};

export type PathRow = {
  /** From the client's certificate up. */
  readonly steps: readonly PathStep[];
  /** Undefined: this one led to an anchor. */
  readonly stop: Stop | undefined;
};

/** Every path that was tried, the one that led to an anchor first. Pure. */
export function pathRows({ path, attempts }: Pick<VerificationView, "path" | "attempts">): readonly PathRow[] {
  const accepted = path === undefined ? [] : [acceptedRow(path)];
  return [...accepted, ...attempts.map(({ certificates, stop }) => stoppedRow(certificates, stop))];
}

function acceptedRow(path: readonly PathCertificate[]): PathRow {
  const steps = path.map((certificate, i) => ({
    ...certificate,
    role: i > 0 && i === path.length - 1 ? ("trust anchor" as const) : roleOf(i),
    isStop: false,
  }));
  return { steps, stop: undefined };
}

function stoppedRow(certificates: readonly PathCertificate[], stop: Stop): PathRow {
  // What is missing comes after the last one.
  const stopIndex = Math.min(stop.index, certificates.length - 1);
  return {
    steps: certificates.map((certificate, i) => ({ ...certificate, role: roleOf(i), isStop: i === stopIndex })),
    stop,
  };
}

function roleOf(index: number): "client" | "issuing CA" {
  return index === 0 ? "client" : "issuing CA";
}

/** What the facts of a stop add to its sentence: "expected …, found …; OpenSSL logs it as error 20". */
export function stopFacts({ expected, actual, openSslError }: Stop): string {
  const facts = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(actual === undefined ? [] : [`found ${actual}`]),
  ].join(", ");
  const log = openSslError === undefined ? "" : `Engines on OpenSSL log it as error ${openSslError}.`;
  return [facts === "" ? "" : `${facts[0]?.toUpperCase()}${facts.slice(1)}.`, log].filter(Boolean).join(" ");
}

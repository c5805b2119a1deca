import type { CertificateView } from "@tcm/api-contract";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

export type Kept = { readonly kept: readonly CertificateView[]; readonly leftOut: readonly CertificateView[] };

/**
 * A version's certificates without those that are named, each by its SHA-256 or its beginning, in any common spelling. Pure.
 * Throws a failure where a name fits none or several, and where nothing would be left: a version has at least one.
 */
export function withoutCertificates(certificates: readonly CertificateView[], names: readonly string[]): Kept {
  const leftOut = new Set(names.map((name) => findNamed(certificates, name)));
  const kept = certificates.filter((certificate) => !leftOut.has(certificate));
  if (kept.length === 0)
    throw new CommandFailure(
      exitCode.problem,
      "Nothing would be left, and a version has at least one certificate. Upload the CA that is to be trusted instead: tcm upload NAME FILE",
    );
  return { kept, leftOut: [...leftOut] };
}

function findNamed(certificates: readonly CertificateView[], name: string): CertificateView {
  const hex = name.replaceAll(":", "").toLowerCase();
  if (!/^[0-9a-f]{12,64}$/.test(hex))
    throw new CommandFailure(
      exitCode.usage,
      `"${name}" is no fingerprint: SHA-256 in hex, or its first 12 digits or more.`,
    );
  const [found, another] = certificates.filter(({ fingerprint }) => fingerprint.startsWith(hex));
  if (found === undefined)
    throw new CommandFailure(exitCode.problem, `No certificate of the version has the fingerprint ${hex}.`);
  if (another === undefined) return found;
  throw new CommandFailure(
    exitCode.problem,
    `Several certificates begin with ${hex}. Give more digits of the one meant.`,
  );
}

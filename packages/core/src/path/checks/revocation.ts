import type { Certificate } from "../../certificate/certificate.ts";
import { allReasons, type DistributionPoint, readDistributionPoints } from "../../certificate/distribution-point.ts";
import { formatTime } from "../../certificate/format-certificate.ts";
import {
  type CertificateRevocationList,
  entryKey,
  type RevokedCertificate,
  removeFromCrl,
} from "../../crl/certificate-revocation-list.ts";
import { DerFault } from "../../der/der-problem.ts";
import type { StopAt } from "../path-search.ts";
import type { PathContext, RevocationInputs, Stop } from "../path-check.ts";
import { coveredReasons, issuersOwnPoint } from "./crl-scope.ts";
import { findCrlSigner, type SignerSearch } from "./crl-signer.ts";
import { continues } from "./delta-crl.ts";

/**
 * RFC 5280 §6.1.3 (a)(3) by the lists at hand, §6.3: every certificate of the path but the anchor. Nothing is fetched. In
 * `soft-fail` an unknown status passes, a spent budget does not.
 */
export function checkRevocation(
  path: readonly Certificate[],
  context: PathContext,
  signers: SignerSearch | undefined,
): StopAt | undefined {
  const { revocation } = context;
  if (revocation === undefined) return undefined;
  for (let index = path.length - 2; index >= 0; index--) {
    const stop = checkStatus(path[index] as Certificate, path.slice(index + 1), { revocation, context, signers });
    const counts =
      revocation.mode === "hard-fail" || stop?.code === "revoked" || context.budget.exhausted !== undefined;
    if (stop !== undefined && counts) return { stop, index };
  }
  return undefined;
}

type Status = {
  readonly revocation: RevocationInputs;
  readonly context: PathContext;
  readonly signers: SignerSearch | undefined;
};

/** §6.3.3: lists are consulted until together they speak for every reason. */
function checkStatus(certificate: Certificate, above: readonly Certificate[], status: Status): Stop | undefined {
  const points = pointsOf(certificate);
  if ("code" in points) return points;
  let covered = 0;
  let problem: Stop | undefined;
  for (const point of points) {
    for (const crl of listsFor(certificate, point, status.revocation)) {
      const reasons = coveredReasons(certificate, point, crl);
      if (reasons === undefined || (reasons & ~covered) === 0) continue;
      const stop = consult(crl, certificate, above, status);
      if (stop === undefined) covered |= reasons;
      else if (stop.code === "revoked") return stop;
      else problem ??= stop;
    }
  }
  if (covered === allReasons) return undefined;
  if (problem !== undefined) return problem;
  if (covered === 0) return { code: "crl-not-found", expected: "a list that speaks of this certificate" };
  return { code: "crl-scope-unsupported", expected: "lists for every reason", actual: "lists for some reasons only" };
}

function pointsOf(certificate: Certificate): readonly DistributionPoint[] | Stop {
  try {
    return [...(readDistributionPoints(certificate) ?? []), issuersOwnPoint(certificate)];
  } catch (fault) {
    if (!(fault instanceof DerFault)) throw fault;
    return { code: "crl-scope-unsupported", expected: "readable distribution points", actual: fault.problem.code };
  }
}

function listsFor(
  { issuer }: Certificate,
  { cRLIssuer }: DistributionPoint,
  { crls }: RevocationInputs,
): readonly CertificateRevocationList[] {
  const issuers =
    cRLIssuer === undefined
      ? [issuer.canonical]
      : cRLIssuer.flatMap((name) => (name.form === "directoryName" ? [name.name.canonical] : []));
  return issuers.flatMap((name) => crls.complete.get(name) ?? []);
}

/** Undefined: the list is authentic, fresh and does not revoke. What an authentic list revokes is revoked, fresh or not. */
function consult(
  crl: CertificateRevocationList,
  certificate: Certificate,
  above: readonly Certificate[],
  { revocation, context, signers }: Status,
): Stop | undefined {
  const [unknown] = crl.extensions.unknownCritical;
  if (unknown !== undefined)
    return { code: "crl-scope-unsupported", cites: "RFC 5280 §5.2", actual: `critical extension ${unknown}` };
  const signer = findCrlSigner(crl, certificate, above, context, signers);
  if ("code" in signer) return signer;
  const delta = (revocation.crls.delta.get(crl.issuer.canonical) ?? []).find((one) =>
    isUsableDelta(one, crl, signer, certificate, context),
  );
  const key = entryKey(certificate.issuer, certificate.serialNumber);
  // §6.3.3 (i), (j): the delta list has the last word.
  const entry = delta?.entries.get(key) ?? crl.entries.get(key);
  if (entry !== undefined && entry.reason !== removeFromCrl) return revoked(entry);
  return checkFreshness(crl, context) ?? checkProfile(crl, context);
}

function isUsableDelta(
  delta: CertificateRevocationList,
  complete: CertificateRevocationList,
  signer: Certificate,
  certificate: Certificate,
  context: PathContext,
): boolean {
  if (!continues(delta, complete) || delta.extensions.unknownCritical.length > 0) return false;
  if (checkFreshness(delta, context) !== undefined) return false;
  return !("code" in findCrlSigner(delta, certificate, [signer], context, undefined));
}

function checkFreshness(crl: CertificateRevocationList, { time }: PathContext): Stop | undefined {
  const { thisUpdate, nextUpdate } = crl;
  const actual = formatTime(time);
  if (time < thisUpdate)
    return { code: "crl-not-yet-valid", expected: `at or after ${formatTime(thisUpdate)}`, actual };
  if (nextUpdate === undefined) return { code: "crl-expired", cites: "RFC 5280 §5.1.2.5", expected: "a nextUpdate" };
  if (time > nextUpdate) return { code: "crl-expired", expected: `at or before ${formatTime(nextUpdate)}`, actual };
  return undefined;
}

function checkProfile({ findings }: CertificateRevocationList, { profile }: PathContext): Stop | undefined {
  const [finding] = findings;
  if (profile !== "strict" || finding === undefined) return undefined;
  return { code: "profile-violation", cites: finding.cites, actual: `a revocation list with ${finding.what}` };
}

const reasons: Readonly<Record<number, string>> = {
  1: "keyCompromise",
  2: "cACompromise",
  3: "affiliationChanged",
  4: "superseded",
  5: "cessationOfOperation",
  6: "certificateHold",
  9: "privilegeWithdrawn",
  10: "aACompromise",
};

function revoked({ revocationDate, reason = 0 }: RevokedCertificate): Stop {
  const why = reasons[reason];
  return { code: "revoked", actual: `${formatTime(revocationDate)}${why === undefined ? "" : `, ${why}`}` };
}

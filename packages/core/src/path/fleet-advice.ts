import type { Certificate } from "../certificate/certificate.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import { keyIdentifierMatch } from "./candidate-issuers.ts";
import { checkPath } from "./check-path.ts";
import type { PathContext } from "./path-check.ts";
import type { FleetAdvice, PathProblemCode } from "./path-result.ts";
import type { PathMaterial } from "./path-search.ts";

/** About an accepted path. Signatures that the search has verified are not verified again. */
export function fleetAdvice(
  accepted: readonly Certificate[],
  material: PathMaterial,
  context: PathContext,
): readonly FleetAdvice[] {
  const advice: FleetAdvice[] = [];
  const lastSecond = accepted.find(({ notAfter }) => notAfter === context.time);
  if (lastSecond !== undefined) advice.push({ code: "openssl-not-after-exclusive", certificate: lastSecond });
  const filtered = accepted.find((issuer, i) => i > 0 && !isIssuerForOpenSsl(accepted[i - 1] as Certificate, issuer));
  if (filtered !== undefined) return [...advice, { code: "openssl-aki-filter", certificate: filtered }];
  const { path, reachedAnchor } = followOpenSsl(accepted[0] as Certificate, material, context);
  const last = path[path.length - 1] as Certificate;
  const stop: PathProblemCode | undefined = reachedAnchor
    ? checkPath(path, context, material)?.stop.code
    : "issuer-not-found";
  if (stop !== undefined) advice.push({ code: "openssl-no-backtracking", certificate: last, stop });
  return advice;
}

/** X509_check_issued: name, then key identifier and serial number where both sides have them. */
function isIssuerForOpenSsl(child: Certificate, issuer: Certificate): boolean {
  const serial = child.extensions.authorityKeyIdentifier?.authorityCertSerialNumber;
  const serialAgrees = serial === undefined || sameBytes(serial, issuer.serialNumber);
  return child.issuer.canonical === issuer.subject.canonical && keyIdentifierMatch(child, issuer) > 0 && serialAgrees;
}

/** With X509_V_FLAG_PARTIAL_CHAIN: the trusted store first, then what was presented; the first choice is final. */
function followOpenSsl(leaf: Certificate, { anchors, presented }: PathMaterial, { time, limits }: PathContext) {
  const path = [leaf];
  for (let last = leaf; ; ) {
    if (anchors.byFingerprint.has(last.fingerprint)) return { path, reachedAnchor: true };
    const issues = (issuer: Certificate): boolean => !path.includes(issuer) && isIssuerForOpenSsl(last, issuer);
    const trusted = (anchors.bySubject.get(last.issuer.canonical) ?? []).filter(issues);
    const next = preferred(trusted, time) ?? preferred(presented.filter(issues), time);
    if (next === undefined || path.length > limits.depth) return { path, reachedAnchor: false };
    path.push(next);
    last = next;
  }
}

/** The first that is valid now, else the one that lasts longest. */
function preferred(candidates: readonly Certificate[], time: number): Certificate | undefined {
  const valid = candidates.find(({ notBefore, notAfter }) => notBefore <= time && time < notAfter);
  return valid ?? candidates.toSorted((a, b) => b.notAfter - a.notAfter)[0];
}

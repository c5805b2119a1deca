import type { Certificate } from "../certificate/certificate.ts";
import { keyPurpose } from "../certificate/extension-oid.ts";
import { commonNames } from "../certificate/format-name.ts";
import type { NameConstraints } from "../certificate/general-name.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import { isSelfIssued } from "../certificate/self-issued.ts";
import { keyIdentifierMatch } from "./candidate-issuers.ts";
import { checkPath } from "./check-path.ts";
import { refusesDnsName } from "./checks/name-constraints.ts";
import { isHostname } from "./checks/normalised-names.ts";
import type { PathContext } from "./path-check.ts";
import type { FleetAdvice, PathAttempt, PathProblem, PathProblemCode } from "./path-result.ts";
import type { PathMaterial } from "./path-search.ts";

/** About an accepted path. Signatures that the search has verified are not verified again. */
export function fleetAdvice(
  accepted: readonly Certificate[],
  material: PathMaterial,
  context: PathContext,
): readonly FleetAdvice[] {
  const advice: FleetAdvice[] = [];
  const note = (code: FleetAdvice["code"], certificate: Certificate | undefined): void => {
    if (certificate !== undefined) advice.push({ code, certificate });
  };
  note(
    "openssl-not-after-exclusive",
    accepted.find(({ notAfter }) => notAfter === context.time),
  );
  note(
    "openssl-any-eku",
    accepted.find((certificate) => namesOnlyAny(certificate, context)),
  );
  note(
    "openssl-issuer-filter",
    accepted.find((issuer, i) => i > 0 && !isIssuerForOpenSsl(accepted[i - 1] as Certificate, issuer)),
  );
  note("openssl-common-name-as-dns", constrainedByCommonName(accepted, context));
  const stop = stopOfOpenSsl(accepted, material, context);
  if (stop !== undefined) advice.push({ code: "openssl-no-backtracking", ...stop });
  return advice;
}

/** About a refused client: attempts that an engine on OpenSSL would not have given up. */
export function refusalAdvice(attempts: readonly PathAttempt[]): readonly FleetAdvice[] {
  const advice = new Map<string, FleetAdvice>();
  for (const { problem } of attempts) {
    const code = lenience(problem);
    if (code !== undefined)
      advice.set(`${code} ${problem.certificate.fingerprint}`, { code, certificate: problem.certificate });
  }
  return [...advice.values()];
}

/** check_ca() of OpenSSL, and nc_dns(), which knows no wildcards and steps over a leading dot. */
function lenience({ code, actual, certificate: { extensions } }: PathProblem): FleetAdvice["code"] | undefined {
  if (code === "basic-constraints-missing" && extensions.keyUsage?.keyCertSign) return "openssl-ca-by-key-usage";
  if (code === "nc-malformed" && extensions.nameConstraints !== undefined && hasLeadingDot(extensions.nameConstraints))
    return "openssl-leading-dot";
  return code === "nc-excluded" && actual?.startsWith("*.") ? "openssl-wildcard-not-excluded" : undefined;
}

function hasLeadingDot({ permittedSubtrees, excludedSubtrees }: NameConstraints): boolean {
  return [...permittedSubtrees, ...excludedSubtrees].some(
    (base) => base.form === "dNSName" && base.text.startsWith("."),
  );
}

/** NAME_CONSTRAINTS_check_CN: of a leaf without a dNSName every Common Name that looks like a host of two labels or more. */
function constrainedByCommonName(path: readonly Certificate[], context: PathContext): Certificate | undefined {
  const [leaf, ...cas] = path;
  if (leaf === undefined || leaf.extensions.subjectAltName?.some(({ form }) => form === "dNSName")) return undefined;
  const hosts = commonNames(leaf.subject)
    .map((name) => name.toLowerCase())
    .filter((name) => name.includes(".") && isHostname(name));
  return hosts.some((host) => cas.some((ca) => refusesDnsName(ca, host, context))) ? leaf : undefined;
}

/** OpenSSL compares the one purpose that it was asked for (xku_reject). */
function namesOnlyAny({ extensions: { extendedKeyUsage } }: Certificate, { purpose }: PathContext): boolean {
  return purpose !== "any" && extendedKeyUsage !== undefined && !extendedKeyUsage.includes(keyPurpose[purpose]);
}

/** ossl_x509_likely_issued: the name, and the key identifier and serial number where both sides have them. */
function isIssuerForOpenSsl(child: Certificate, issuer: Certificate): boolean {
  if (child.issuer.canonical !== issuer.subject.canonical || looksSelfSigned(child)) return false;
  const serial = child.extensions.authorityKeyIdentifier?.authorityCertSerialNumber;
  const serialAgrees = serial === undefined || sameBytes(serial, issuer.serialNumber);
  return serialAgrees && keyIdentifierMatch(child, issuer) > 0;
}

/** EXFLAG_SS: by names and key identifiers, not by signature; such a certificate has no issuer but itself. */
function looksSelfSigned(certificate: Certificate): boolean {
  return isSelfIssued(certificate) && keyIdentifierMatch(certificate, certificate) > 0;
}

type OpenSslStop = { readonly certificate: Certificate; readonly stop: PathProblemCode };

/** How the one path ends that OpenSSL follows, if it is another than the accepted one and fails. */
function stopOfOpenSsl(
  accepted: readonly Certificate[],
  material: PathMaterial,
  context: PathContext,
): OpenSslStop | undefined {
  const { path, reachedAnchor } = followOpenSsl(accepted[0] as Certificate, material, context);
  const last = path[path.length - 1] as Certificate;
  if (!reachedAnchor) return { certificate: last, stop: "issuer-not-found" };
  const failed = checkPath(path, context, material);
  if (failed !== undefined) return { certificate: path[failed.index] ?? last, stop: failed.stop.code };
  const isAccepted = path.length === accepted.length && path.every((certificate, i) => certificate === accepted[i]);
  return isAccepted ? undefined : stopOfOtherPath(path, context);
}

/** On a path that is fine for us, but not the accepted one. */
function stopOfOtherPath(path: readonly Certificate[], context: PathContext): OpenSslStop | undefined {
  const lastSecond = path.find(({ notAfter }) => notAfter === context.time);
  if (lastSecond !== undefined) return { certificate: lastSecond, stop: "expired" };
  const onlyAny = path.find((certificate) => namesOnlyAny(certificate, context));
  if (onlyAny !== undefined) return { certificate: onlyAny, stop: "ca-eku-not-permitted" };
  const leaf = constrainedByCommonName(path, context);
  return leaf === undefined ? undefined : { certificate: leaf, stop: "nc-not-permitted" };
}

/** With X509_V_FLAG_PARTIAL_CHAIN: the trusted store first, then what was presented; the first choice is final. */
function followOpenSsl(leaf: Certificate, { anchors, presented }: PathMaterial, { time, limits }: PathContext) {
  const path = [leaf];
  for (let last = leaf; ; ) {
    if (anchors.byFingerprint.has(last.fingerprint)) return { path, reachedAnchor: true };
    const child = last;
    const issues = (issuer: Certificate): boolean => !path.includes(issuer) && isIssuerForOpenSsl(child, issuer);
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

import type { Certificate } from "../../certificate/certificate.ts";
import {
  allReasons,
  type DistributionPoint,
  type DistributionPointName,
  type ReasonMask,
} from "../../certificate/distribution-point.ts";
import type { GeneralName } from "../../certificate/general-name.ts";
import type { Name } from "../../certificate/name.ts";
import type { CertificateRevocationList } from "../../crl/certificate-revocation-list.ts";
import { toHex } from "../../text/hex.ts";

/** RFC 5280 §6.3.3, last paragraph: lists of the certificate's own issuer that no distribution point names. */
export function issuersOwnPoint({ issuer }: Certificate): DistributionPoint {
  return { name: { fullName: [{ form: "directoryName", name: issuer }] } };
}

/**
 * RFC 5280 §6.3.3 (b) and (d): the reasons for which a list from this distribution point speaks of the certificate; undefined
 * when it does not speak of it.
 */
export function coveredReasons(
  certificate: Certificate,
  point: DistributionPoint,
  { issuer, extensions }: CertificateRevocationList,
): ReasonMask | undefined {
  const scope = extensions.issuingDistributionPoint;
  const isIssuer =
    point.cRLIssuer === undefined
      ? issuer.canonical === certificate.issuer.canonical
      : scope?.indirectCRL === true && directoryNames(point.cRLIssuer).includes(issuer.canonical);
  if (!isIssuer) return undefined;
  if (scope === undefined) return point.reasons ?? allReasons;
  const isCa = certificate.extensions.basicConstraints?.cA === true;
  if (scope.onlyContainsAttributeCerts || (isCa ? scope.onlyContainsUserCerts : scope.onlyContainsCACerts))
    return undefined;
  if (scope.name !== undefined && !sharesName(scope.name, issuer, point, certificate.issuer)) return undefined;
  return (point.reasons ?? allReasons) & (scope.onlySomeReasons ?? allReasons);
}

/** (b)(2)(i). */
function sharesName(
  ofList: DistributionPointName,
  crlIssuer: Name,
  { name, cRLIssuer }: DistributionPoint,
  certificateIssuer: Name,
): boolean {
  const listed = nameKeys(ofList, crlIssuer.canonical);
  // §4.2.1.13: a relative name is appended to the one cRLIssuer, else to the certificate's issuer.
  const base = cRLIssuer === undefined ? certificateIssuer.canonical : (directoryNames(cRLIssuer)[0] ?? "");
  const wanted = name === undefined ? (cRLIssuer ?? []).map(nameKey) : nameKeys(name, base);
  return wanted.some((key) => listed.includes(key));
}

function nameKeys(name: DistributionPointName, base: string): readonly string[] {
  return "relativeName" in name ? [`directoryName:${base}${name.relativeName}`] : name.fullName.map(nameKey);
}

function nameKey(name: GeneralName): string {
  switch (name.form) {
    case "directoryName":
      return `directoryName:${name.name.canonical}`;
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
      return `${name.form}:${name.text}`;
    case "iPAddress":
      return `iPAddress:${toHex(name.octets)}`;
    default:
      return `${name.form}:${toHex(name.der)}`;
  }
}

function directoryNames(names: readonly GeneralName[]): readonly string[] {
  return names.flatMap((name) => (name.form === "directoryName" ? [name.name.canonical] : []));
}

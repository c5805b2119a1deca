import type { Certificate } from "../../certificate/certificate.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import type { CertificateRevocationList } from "../../crl/certificate-revocation-list.ts";
import { buildAnchorIndex } from "../anchor-index.ts";
import type { PathContext, Stop } from "../path-check.ts";
import { type PathJudge, type PathMaterial, searchPath } from "../path-search.ts";
import { checkSignedBy } from "./signature.ts";

/** How the path of a certificate that signs revocation lists is judged; undefined: other signers are not looked for. */
export type SignerSearch = {
  readonly material: PathMaterial;
  readonly context: PathContext;
  readonly judge: PathJudge;
};

/**
 * RFC 5280 §6.3.3 (f), (g): the certificate whose key signed the list. First those of the path above the certificate; then,
 * since a CA may have rolled its key over or sign its lists with another, any that bears the name and has a valid path of its
 * own to the same anchor.
 */
export function findCrlSigner(
  crl: CertificateRevocationList,
  certificate: Certificate,
  above: readonly Certificate[],
  context: PathContext,
  search: SignerSearch | undefined,
): Certificate | Stop {
  let problem: Stop | undefined;
  for (const signer of ownSigners(crl, certificate, above, search === undefined)) {
    const stop = checkCrlSignedBy(crl, signer, context);
    if (stop === undefined) return signer;
    problem ??= stop;
  }
  for (const signer of search === undefined ? [] : namesakes(crl, certificate, above, search.material)) {
    const stop = checkCrlSignedBy(crl, signer, context);
    if (stop === undefined && hasPath(signer, above, search as SignerSearch)) return signer;
    problem ??= stop ?? { code: "crl-signature-invalid", expected: "a signer with a valid path to the same anchor" };
  }
  return problem ?? { code: "crl-signature-invalid", expected: "a certificate of the list's issuer" };
}

/**
 * While the status of a signer is asked, a list of an issuer of its own (an indirect list that names it as cRLIssuer) may be
 * signed by itself; a self-issued key never vouches for itself.
 */
function ownSigners(
  { issuer }: CertificateRevocationList,
  certificate: Certificate,
  above: readonly Certificate[],
  isSigner: boolean,
): readonly Certificate[] {
  const own = isSigner && !isSelfIssued(certificate) ? [certificate, ...above] : above;
  return own.filter(({ subject }) => subject.canonical === issuer.canonical);
}

function checkCrlSignedBy(crl: CertificateRevocationList, signer: Certificate, context: PathContext): Stop | undefined {
  const { keyUsage } = signer.extensions;
  if (keyUsage !== undefined && !keyUsage.cRLSign)
    return { code: "crl-signer-key-usage", expected: "cRLSign", actual: "a keyUsage without it" };
  const stop = checkSignedBy(crl, signer, context);
  return stop?.code === "signature-invalid" ? { ...stop, code: "crl-signature-invalid" } : stop;
}

function namesakes(
  { issuer }: CertificateRevocationList,
  certificate: Certificate,
  above: readonly Certificate[],
  { anchors, presented }: PathMaterial,
): readonly Certificate[] {
  const others = [...(anchors.bySubject.get(issuer.canonical) ?? []), ...presented];
  return others.filter(
    (other) => other.subject.canonical === issuer.canonical && other !== certificate && !above.includes(other),
  );
}

function hasPath(
  signer: Certificate,
  above: readonly Certificate[],
  { material, context, judge }: SignerSearch,
): boolean {
  const anchors = buildAnchorIndex(above.slice(-1));
  const found = searchPath([signer], { ...material, anchors, context, judge, onGivenUp: () => undefined });
  return found !== undefined;
}

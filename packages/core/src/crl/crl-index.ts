import type { CertificateRevocationList } from "./certificate-revocation-list.ts";

/** Revocation lists by the canonical name of their issuer, complete and delta lists apart, the newest first. */
export type CrlIndex = {
  readonly complete: ReadonlyMap<string, readonly CertificateRevocationList[]>;
  readonly delta: ReadonlyMap<string, readonly CertificateRevocationList[]>;
};

export function buildCrlIndex(crls: readonly CertificateRevocationList[]): CrlIndex {
  const newestFirst = crls.toSorted((a, b) => b.thisUpdate - a.thisUpdate);
  const isDelta = ({ extensions }: CertificateRevocationList): boolean => extensions.deltaCRLIndicator !== undefined;
  return {
    complete: byIssuer(newestFirst.filter((crl) => !isDelta(crl))),
    delta: byIssuer(newestFirst.filter(isDelta)),
  };
}

function byIssuer(crls: readonly CertificateRevocationList[]): CrlIndex["complete"] {
  return Map.groupBy(crls, ({ issuer }) => issuer.canonical);
}

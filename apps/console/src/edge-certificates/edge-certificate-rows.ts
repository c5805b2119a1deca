import type { EdgeCertificateView } from "@tcm/api-contract";

/** Those with the words in a hostname or in the name of their set. Pure. */
export function edgeCertificateRows(
  edgeCertificates: readonly EdgeCertificateView[],
  words: string,
): readonly EdgeCertificateView[] {
  const wanted = words.trim().toLowerCase();
  return edgeCertificates.filter(({ hostnames, clientAuthentication }) =>
    [...hostnames, clientAuthentication.caSetName].some((text) => text.toLowerCase().includes(wanted)),
  );
}

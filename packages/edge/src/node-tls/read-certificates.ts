import { type Certificate, type CryptoPort, decodePem, parseCertificate } from "@tcm/core";

/** A leaf and the intermediates that any real server sends. */
const maxBlocks = 10;

/** The certificates of a PEM file of the operator's, at least one. Throws, with the path and without the content, on any other. */
export function readCertificates(
  pem: string,
  path: string,
  crypto: CryptoPort,
): readonly [Certificate, ...Certificate[]] {
  const { blocks, problems } = decodePem(pem, { maxBlocks });
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${path}, line ${problem.line}: ${problem.code}`);
  const certificates = blocks.map(({ der, line }) => {
    const parsed = parseCertificate(der, crypto);
    if (!parsed.ok) throw new Error(`${path}, line ${line}: ${parsed.problem.code} at byte ${parsed.problem.offset}`);
    return parsed.certificate;
  });
  const [first, ...others] = certificates;
  if (first === undefined) throw new Error(`${path}: no certificate`);
  return [first, ...others];
}

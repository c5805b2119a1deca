import type { CertificateView } from "@tcm/api-contract";
import { type Comparisons, inOrder, type Order } from "../text/column-order.ts";
import { shortName } from "./tree-items.ts";

export type CertificateRow = Pick<CertificateView, "fingerprint" | "subject" | "issuer" | "endDate" | "description">;
export type CertificateColumn = "subject" | "issuer" | "expires";

/** Those that have the words, or whose fingerprint has them, in order. Pure. */
export function certificateRows(
  certificates: readonly CertificateRow[],
  words: string,
  order: Order<CertificateColumn>,
): readonly CertificateRow[] {
  const wanted = words.trim().toLowerCase();
  const hex = wanted.replaceAll(/[:\s]/g, "");
  const found = certificates.filter(
    ({ subject, issuer, description, fingerprint }) =>
      [subject, issuer, description ?? ""].some((text) => text.toLowerCase().includes(wanted)) ||
      fingerprint.includes(hex),
  );
  return inOrder(found, order, comparisons);
}

/** "Issuing 2" before "Issuing 10". */
const { compare } = new Intl.Collator("en", { numeric: true });

const comparisons: Comparisons<CertificateRow, CertificateColumn> = {
  subject: (a, b) => compare(shortName(a.subject), shortName(b.subject)),
  issuer: (a, b) => compare(shortName(a.issuer), shortName(b.issuer)),
  expires: (a, b) => a.endDate.localeCompare(b.endDate),
};

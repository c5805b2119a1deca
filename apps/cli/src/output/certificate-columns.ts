import type { CertificateView } from "@tcm/api-contract";
import type { Column } from "./table.ts";

export const certificateColumns: readonly Column<CertificateView>[] = [
  { title: "SUBJECT", value: ({ subject }) => subject },
  { title: "ISSUER", value: ({ issuer }) => issuer },
  { title: "UNTIL", value: ({ endDate }) => endDate.slice(0, 10) },
  { title: "SHA-256", value: ({ fingerprint }) => fingerprint },
];

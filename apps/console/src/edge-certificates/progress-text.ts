import type { EdgeCertificateView } from "@tcm/api-contract";

/** "complete", "40 %", "rejected by a node". */
export function progressText({ status, percentComplete }: EdgeCertificateView["staging"]): string {
  if (status === "COMPLETE") return "complete";
  return status === "REJECTED" ? "rejected by a node" : `${percentComplete} %`;
}

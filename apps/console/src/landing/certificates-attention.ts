import type { OverviewView } from "@tcm/api-contract";
import { shortName } from "../structure/tree-items.ts";
import { networkName } from "../text/network-name.ts";
import { expiryText } from "../text/time-text.ts";
import type { Attention, Look } from "./attention.ts";
import { listed } from "./openings-attention.ts";

type Ending = OverviewView["expiringCertificates"][number];

/** Certificates of active versions that have ended or soon will: of a version those that have ended are one, the others another. */
export function endingAttention({ overview: { expiringCertificates }, nowMs }: Look): readonly Attention[] {
  const isOver = ({ endDate }: Ending): boolean => Date.parse(endDate) < nowMs;
  const groups = Map.groupBy(
    expiringCertificates,
    (one) => `${isOver(one) ? "expired" : "expiring"} ${one.caSetId} ${one.version}`,
  );
  return [...groups].flatMap(([key, certificates]): readonly Attention[] => {
    const [first] = certificates;
    if (first === undefined) return [];
    const { caSetId, caSetName, version, networks, subject, endDate } = first;
    const others = certificates.slice(1).map((one) => shortName(one.subject));
    const where = networks.map((network) => networkName[network].toLowerCase()).join(" and ");
    return [
      {
        key,
        gravity: isOver(first) ? "danger" : "warning",
        title: `${shortName(subject)} in ${caSetName} version ${version} ${expiryText(endDate, nowMs)}`,
        detail: `On ${where}.${others.length === 0 ? "" : ` ${isOver(first) ? "Expired" : "Expiring"} too: ${listed(others)}.`}`,
        place: { page: "version", caSetId, version },
        action: "Look at the version",
      },
    ];
  });
}

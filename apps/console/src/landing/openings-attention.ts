import { localTime, plural } from "../text/time-text.ts";
import type { Attention, Look } from "./attention.ts";

/** Hostnames whose clients no set decides about: those that only observe, and those that were unbound lately and still are. */
export function openAttention({ edgeCertificates, overview }: Look): readonly Attention[] {
  const observing = edgeCertificates
    .filter(({ clientAuthentication }) => clientAuthentication.mode === "observe")
    .map(
      ({ edgeCertificateId, hostnames, modifiedDate, createdDate, modifiedBy, createdBy }): Attention => ({
        key: `observes ${edgeCertificateId}`,
        gravity: "danger",
        title: `${listed(hostnames)} ${hostnames.length === 1 ? "lets" : "let"} every client in: observe`,
        detail: `Since ${localTime(modifiedDate ?? createdDate)}, by ${modifiedBy ?? createdBy}.`,
        place: { page: "edge-certificates" },
        action: "Go to edge certificates",
      }),
    );
  const bound = new Set(edgeCertificates.flatMap(({ hostnames }) => hostnames));
  const unbound = new Map(
    overview.alarms
      .flatMap(({ openings, date, by }) => openings.map((opening) => ({ ...opening, date, by })))
      .filter(({ effect, hostname }) => effect === "unbound" && !bound.has(hostname))
      // Newest first: what was opened twice is told of the last time.
      .toReversed()
      .map((opening) => [opening.hostname, opening] as const),
  );
  return [
    ...observing,
    ...[...unbound.values()].map(
      ({ hostname, date, by }): Attention => ({
        key: `unbound ${hostname}`,
        gravity: "warning",
        title: `${hostname} is bound to no certificate set any more`,
        detail: `Unbound on ${localTime(date)} by ${by}. Nobody decides about its clients.`,
        place: { page: "edge-certificates" },
        action: "Go to edge certificates",
      }),
    ),
  ];
}

/** "a, b and 3 more" */
export function listed(names: readonly string[], shown = 3): string {
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${plural(names.length - shown, "other")}`;
}

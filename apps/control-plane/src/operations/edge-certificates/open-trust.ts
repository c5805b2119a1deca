import { describeTrustOpening, type TrustOpening } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import type { Queries } from "../../store/store.ts";
import type { Announce } from "../deployment-context.ts";
import { edgeCertificateRows } from "./edge-certificate-row.ts";
import { edgeCertificateIds } from "../link.ts";
import { recordEvent } from "../history/record-event.ts";
import { type Refusal, refuse } from "../refuse.ts";

/** Hostnames that other edge certificates only observe, and whose they are. */
export type Watched = ReadonlyMap<string, number>;

/** `except` is the edge certificate that changes. */
export async function watchedHostnames(queries: Queries, except: number): Promise<Watched> {
  const rows = await edgeCertificateRows(queries);
  const watching = rows.filter(({ id, mode }) => id !== except && mode === "observe");
  return new Map(watching.flatMap(({ id, hostnames }) => hostnames.map((hostname) => [hostname, id] as const)));
}

/** Answers and events name so many; the audit record names all. */
const shownOpenings = 20;

/** Nobody opens anything by a slip: undefined when nothing opens, or somebody has said that it may. */
export function refuseUnconfirmed(openings: readonly TrustOpening[], isConfirmed: boolean): Refusal | undefined {
  if (openings.length === 0 || isConfirmed) return undefined;
  const shown = openings.slice(0, shownOpenings);
  const more = openings.length > shown.length ? ` and ${openings.length - shown.length} more` : "";
  return refuse(
    "confirmation-required",
    `This guards less than before: ${shown.map(describeTrustOpening).join("; ")}${more}. Nothing was changed. Repeat it with the query confirm=true if that is meant.`,
    { contextInfo: { parameterName: "confirm", openings: shown, openingCount: openings.length } },
  );
}

export type OpenedTrust = {
  readonly edgeCertificateId: number;
  readonly openings: readonly TrustOpening[];
  readonly at: string;
  readonly by: string;
};

/** The alarm: on the audit record and told to all who watch, in the transaction of the change; log and metrics once it is on disk. */
export async function raiseTrustOpened(queries: Queries, announce: Announce, opened: OpenedTrust): Promise<void> {
  const { edgeCertificateId, openings, at, by } = opened;
  if (openings.length === 0) return;
  await recordAudit(queries, { at, by, action: "OPEN_TRUST", subject: { edgeCertificateId, openings } });
  const shown = { openings: openings.slice(0, shownOpenings), openingCount: openings.length };
  const event = {
    type: "alarm",
    alarm: "trust-opened",
    ...edgeCertificateIds(edgeCertificateId),
    by,
    ...shown,
  } as const;
  await recordEvent(queries, event, at);
  announce(opened);
}

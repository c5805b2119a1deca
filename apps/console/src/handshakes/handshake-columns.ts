import type { HandshakeSummary } from "@tcm/api-contract";

/** Handshakes within one stretch of time. */
export type HandshakeColumn = {
  readonly startMs: number;
  readonly accepted: number;
  /** Refused for any reason, those whose CA was removed among them. */
  readonly refused: number;
};

/** As many as can be told apart on a telephone. */
const maxColumns = 48;

type Counted = Pick<HandshakeSummary, "startDate" | "endDate" | "bucketSeconds" | "buckets">;

/** The whole range in stretches of as many buckets each, also those without a handshake; nothing when there was none at all. Pure. */
export function handshakeColumns({ startDate, endDate, bucketSeconds, buckets }: Counted): readonly HandshakeColumn[] {
  if (buckets.length === 0) return [];
  const [start, end] = [Date.parse(startDate), Date.parse(endDate)];
  const bucketMs = bucketSeconds * 1_000;
  const inRange = Math.max(1, Math.ceil((end - start) / bucketMs));
  // Whole buckets in each, or one would have what belongs to its neighbour.
  const stepMs = Math.ceil(inRange / maxColumns) * bucketMs;
  const count = Math.ceil((end - start) / stepMs) || 1;
  const columns = Array.from({ length: count }, (_, i) => ({ startMs: start + i * stepMs, accepted: 0, refused: 0 }));
  for (const bucket of buckets) {
    const index = Math.floor((Date.parse(bucket.startDate) - start) / stepMs);
    // A bucket may begin a little before the range does.
    const column = columns[Math.min(count - 1, Math.max(0, index))];
    if (column === undefined) continue;
    column.accepted += bucket.accepted;
    column.refused += bucket.refused + bucket.removedAnchor;
  }
  return columns;
}

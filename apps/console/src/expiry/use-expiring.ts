import { useQueries, type UseQueryResult } from "@tanstack/react-query";
import type { VersionCertificateListView } from "@tcm/api-contract";
import { read } from "../api/queries.ts";
import { type ActiveVersion, type ExpiringRow, expiringRows } from "./expiring-rows.ts";
import { thresholds } from "./expiry-search.ts";

/** What an active version holds does not change. */
const staleMs = 600_000;
/** Whole days are told rounded down, so that the last of them has begun. */
const widestDays = thresholds[0] + 1;

const filters = [
  { certificateStatus: "EXPIRING", expiryThresholdInDays: widestDays },
  { certificateStatus: "EXPIRED" },
] as const;

export type Expiring = {
  readonly rows: readonly ExpiringRow[];
  /** Of the reads, one for each version and filter. */
  readonly answered: number;
  readonly asked: number;
  readonly failed: readonly { readonly active: ActiveVersion; readonly error: unknown }[];
  readonly retry: () => void;
};

/** What ends in the versions, as far as it has come: one that cannot be read holds up nothing. */
export function useExpiring(versions: readonly ActiveVersion[]): Expiring {
  const reads = versions.flatMap((active) => filters.map((query) => ({ active, query })));
  return useQueries({
    queries: reads.map(({ active: { caSetId, version }, query }) => ({
      ...read("listVersionCertificates", { params: { caSetId, version }, query }),
      staleTime: staleMs,
    })),
    combine: (results) => combined(reads, results),
  });
}

function combined(
  reads: readonly { readonly active: ActiveVersion }[],
  results: readonly UseQueryResult<VersionCertificateListView>[],
): Expiring {
  const found = reads.flatMap(({ active }, i) => {
    const data = results[i]?.data;
    return data === undefined ? [] : [{ active, certificates: data.certificates }];
  });
  const failed = reads.flatMap(({ active }, i) => {
    const error = results[i]?.error ?? null;
    return error === null ? [] : [{ active, error }];
  });
  return {
    rows: expiringRows(found),
    answered: results.filter(({ isPending }) => !isPending).length,
    asked: reads.length,
    failed,
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch();
    },
  };
}

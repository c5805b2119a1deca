import type { ExpiringCertificateView } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import type { CertificateFacts } from "../../validation/validation-answer.ts";
import type { ActiveCertificates } from "./active-certificates.ts";
import { activeVersions, readInForce } from "./active-versions.ts";
import type { OperationContext } from "../context.ts";

const dayMs = 86_400_000;
/** How many are read at a time, so that memory does not depend on how many there are. */
const batchSize = 500;

/** Of every version that a network serves, those that have ended or will within the days; the soonest first. */
export async function listExpiringCertificates(
  { store: { db }, clock }: OperationContext,
  certificates: ActiveCertificates,
  withinDays: number,
): Promise<AsyncIterable<ExpiringCertificateView>> {
  const versions = activeVersions(await readInForce(db));
  return withFacts(db, await certificates.endingUntil(db, versions, clock() + withinDays * dayMs));
}

type Ending = Awaited<ReturnType<ActiveCertificates["endingUntil"]>>;

async function* withFacts(queries: Queries, ending: Ending): AsyncGenerator<ExpiringCertificateView> {
  for (let start = 0; start < ending.length; start += batchSize) {
    const batch = ending.slice(start, start + batchSize);
    const facts = await readFacts(queries, new Set(batch.map(({ fingerprint }) => fingerprint)));
    for (const one of batch) {
      const found = facts.get(one.fingerprint);
      // It was removed since, with everything that held it.
      if (found === undefined) continue;
      const { issuer, serialNumber, startDate } = found;
      yield { ...one, issuer, serialNumber, startDate };
    }
  }
}

async function readFacts(
  queries: Queries,
  fingerprints: ReadonlySet<string>,
): Promise<ReadonlyMap<string, CertificateFacts>> {
  const rows = await queries
    .selectFrom("certificates")
    .select(["fingerprint", "facts"])
    .where("fingerprint", "in", [...fingerprints])
    .execute();
  return new Map(rows.map(({ fingerprint, facts }) => [fingerprint, JSON.parse(facts) as CertificateFacts]));
}

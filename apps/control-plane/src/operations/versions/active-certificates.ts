import type { OverviewView } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import type { CertificateFacts } from "../../validation/validation-answer.ts";
import type { ActiveVersion } from "./active-versions.ts";

type Member = Pick<CertificateFacts, "subject" | "fingerprint" | "endDate">;

/**
 * What the active versions hold. A version that was ever activated never changes, so that each is read once: an open overview asks
 * again with every event, and there may be sixty thousand certificates.
 */
export class ActiveCertificates {
  #members: ReadonlyMap<string, readonly Member[]> = new Map();

  /** Certificates that end at a time or before, the soonest first. */
  async endingUntil(
    queries: Queries,
    versions: readonly ActiveVersion[],
    time: number,
  ): Promise<OverviewView["expiringCertificates"]> {
    const read = new Map<string, readonly Member[]>();
    for (const { caSetId, version } of versions) {
      const key = `${caSetId}/${version}`;
      read.set(key, this.#members.get(key) ?? (await readMembers(queries, caSetId, version)));
    }
    // Of what is not active any more nothing is kept.
    this.#members = read;
    return versions
      .flatMap(({ caSetId, caSetName, version, networks }) => {
        const ending = read.get(`${caSetId}/${version}`)?.filter(({ endDate }) => Date.parse(endDate) <= time) ?? [];
        const where = { caSetId: String(caSetId), caSetName, version, networks: [...networks] };
        return ending.map((member) => ({ ...where, ...member }));
      })
      .toSorted((a, b) => Date.parse(a.endDate) - Date.parse(b.endDate));
  }
}

async function readMembers(queries: Queries, caSetId: number, version: number): Promise<readonly Member[]> {
  const rows = await queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .innerJoin("certificates", "certificates.fingerprint", "text.fingerprint")
    .select("certificates.facts")
    .where("member.ca_set_id", "=", caSetId)
    .where("member.version", "=", version)
    .orderBy("member.position")
    .execute();
  return rows.map(({ facts }) => {
    const { subject, fingerprint, endDate } = JSON.parse(facts) as CertificateFacts;
    return { subject, fingerprint, endDate };
  });
}

import type { OverviewView } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import type { CertificateFacts } from "../../validation/validation-answer.ts";
import type { ActiveVersion } from "./active-versions.ts";
import { memberCertificates } from "./stored-members.ts";

type Ending = OverviewView["expiringCertificates"][number];
/** The time of its `endDate` as a number, which is compared a million times while it is sorted. */
type Member = Pick<CertificateFacts, "subject" | "fingerprint" | "endDate"> & { readonly endsAt: number };
type Sorted = { readonly of: string; readonly endings: readonly Ending[]; readonly times: readonly number[] };

/**
 * What the active versions hold. A version that was ever activated never changes, so that each is read once, and the list is sorted once
 * for the same versions: an open overview asks again with every event, and there may be sixty thousand certificates.
 */
export class ActiveCertificates {
  #members: ReadonlyMap<string, readonly Member[]> = new Map();
  #sorted: Sorted = { of: "[]", endings: [], times: [] };

  /** Certificates that end at a time or before, the soonest first. */
  async endingUntil(queries: Queries, versions: readonly ActiveVersion[], time: number): Promise<Ending[]> {
    const { endings, times } = await this.#sort(queries, versions);
    const after = times.findIndex((endsAt) => endsAt > time);
    return endings.slice(0, after < 0 ? endings.length : after);
  }

  async #sort(queries: Queries, versions: readonly ActiveVersion[]): Promise<Sorted> {
    const of = JSON.stringify(versions);
    if (of === this.#sorted.of) return this.#sorted;
    const members = await this.#read(queries, versions);
    const rows = versions
      .flatMap(({ caSetId, caSetName, version, networks }) => {
        const where = { caSetId: String(caSetId), caSetName, version, networks: [...networks] };
        return (members.get(keyOf({ caSetId, version })) ?? []).map((member) => ({ where, member }));
      })
      .toSorted((a, b) => a.member.endsAt - b.member.endsAt);
    const endings = rows.map(({ where, member: { subject, fingerprint, endDate } }) => ({
      ...where,
      subject,
      fingerprint,
      endDate,
    }));
    this.#sorted = { of, endings, times: rows.map(({ member }) => member.endsAt) };
    return this.#sorted;
  }

  async #read(queries: Queries, versions: readonly ActiveVersion[]): Promise<ReadonlyMap<string, readonly Member[]>> {
    const read = new Map<string, readonly Member[]>();
    for (const { caSetId, version } of versions) {
      const key = keyOf({ caSetId, version });
      read.set(key, this.#members.get(key) ?? (await readMembers(queries, caSetId, version)));
    }
    // Of what is not active any more nothing is kept.
    this.#members = read;
    return read;
  }
}

function keyOf({ caSetId, version }: Pick<ActiveVersion, "caSetId" | "version">): string {
  return `${caSetId}/${version}`;
}

async function readMembers(queries: Queries, caSetId: number, version: number): Promise<readonly Member[]> {
  const rows = await memberCertificates(queries, caSetId, version).select("certificates.facts").execute();
  return rows.map(({ facts }) => {
    const { subject, fingerprint, endDate } = JSON.parse(facts) as CertificateFacts;
    return { subject, fingerprint, endDate, endsAt: Date.parse(endDate) };
  });
}

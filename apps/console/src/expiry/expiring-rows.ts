import type { CaSetView, CertificateView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { type Comparisons, inOrder, type Order } from "../text/column-order.ts";
import { daysUntil } from "../text/time-text.ts";
import { shortName } from "../structure/tree-items.ts";
import type { Within } from "./expiry-search.ts";

/** A version that networks serve. */
export type ActiveVersion = {
  readonly caSetId: string;
  readonly caSetName: string;
  readonly version: number;
  readonly networks: readonly Network[];
};

/** A certificate of a set, in every active version that has it. */
export type ExpiringRow = {
  readonly caSetId: string;
  readonly caSetName: string;
  readonly certificate: CertificateView;
  readonly places: readonly ActiveVersion[];
};

export type ExpiringColumn = "expires" | "subject" | "set";

/** One for each version: the same on both networks is read once. Pure. */
export function activeVersionsOf(sets: readonly CaSetView[]): readonly ActiveVersion[] {
  return sets.flatMap(({ caSetId, caSetName, stagingVersion, productionVersion }) => {
    const versions = new Set([stagingVersion, productionVersion].filter((version) => version !== null));
    return [...versions].map((version) => ({
      caSetId,
      caSetName,
      version,
      networks: [
        ...(stagingVersion === version ? (["STAGING"] as const) : []),
        ...(productionVersion === version ? (["PRODUCTION"] as const) : []),
      ],
    }));
  });
}

export type Found = { readonly active: ActiveVersion; readonly certificates: readonly CertificateView[] };

/** Each certificate of each set once. Pure. */
export function expiringRows(found: readonly Found[]): readonly ExpiringRow[] {
  const all = found.flatMap(({ active, certificates }) => certificates.map((certificate) => ({ active, certificate })));
  const groups = Map.groupBy(all, ({ active, certificate }) => `${active.caSetId} ${certificate.fingerprint}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { caSetId, caSetName } = first.active;
    const places = [...new Set(group.map(({ active }) => active))];
    return [{ caSetId, caSetName, certificate: first.certificate, places }];
  });
}

export type Wish = {
  readonly within: Within;
  readonly words: string;
  readonly order: Order<ExpiringColumn>;
};

/** Those that end within the days, or have ended; by words in the name of the certificate or of the set. Pure. */
export function chosenRows(
  rows: readonly ExpiringRow[],
  { within, words, order }: Wish,
  now: number,
): readonly ExpiringRow[] {
  const wanted = words.trim().toLowerCase();
  const isInTime = ({ certificate: { endDate } }: ExpiringRow): boolean =>
    within === "expired" ? Date.parse(endDate) <= now : daysUntil(endDate, now) <= within;
  const chosen = rows.filter(
    (row) =>
      isInTime(row) &&
      [row.caSetName, row.certificate.subject, row.certificate.fingerprint].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
  );
  return inOrder(chosen, order, comparisons);
}

const { compare } = new Intl.Collator("en", { numeric: true });

const comparisons: Comparisons<ExpiringRow, ExpiringColumn> = {
  expires: (a, b) => a.certificate.endDate.localeCompare(b.certificate.endDate),
  subject: (a, b) => compare(shortName(a.certificate.subject), shortName(b.certificate.subject)),
  set: (a, b) => compare(a.caSetName, b.caSetName),
};

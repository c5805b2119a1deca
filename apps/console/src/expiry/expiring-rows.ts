import type { CaSetView, ExpiringCertificateView } from "@tcm/api-contract";
import { type Network, networks } from "@tcm/core";
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
  readonly certificate: Omit<ExpiringCertificateView, keyof ActiveVersion>;
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

/** Each certificate of each set once, where staging serves it first. Pure. */
export function expiringRows(ending: readonly ExpiringCertificateView[]): readonly ExpiringRow[] {
  const groups = Map.groupBy(ending, ({ caSetId, fingerprint }) => `${caSetId} ${fingerprint}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { caSetId, caSetName, version: _, networks: __, ...certificate } = first;
    const places = group
      .map(({ version, networks: serving }) => ({
        caSetId,
        caSetName,
        version,
        networks: networks.filter((one) => serving.includes(one)),
      }))
      .toSorted(
        (a, b) => networks.indexOf(a.networks[0] ?? "PRODUCTION") - networks.indexOf(b.networks[0] ?? "PRODUCTION"),
      );
    return [{ caSetId, caSetName, certificate, places }];
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

import type { CaSetView, ExpiringCertificateView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { expiringCsv } from "./expiring-csv.ts";
import { type ActiveVersion, activeVersionsOf, chosenRows, expiringRows, type Wish } from "./expiring-rows.ts";
import { countUrgencies, expirySummary } from "./expiry-summary.ts";
import { readExpirySearch, type Within, withins, withinText } from "./expiry-search.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

type Place = Pick<ExpiringCertificateView, "caSetName" | "version" | "networks">;

function ending(fingerprint: string, endDate: string, place: Place, subject = `CN=${fingerprint}`) {
  const facts = { issuer: "CN=I", startDate: "2020-01-01T00:00:00Z", serialNumber: "-1" };
  return { fingerprint, subject, endDate, ...facts, caSetId: place.caSetName, ...place };
}

const onStaging = (caSetName: string, version = 1): Place => ({ caSetName, version, networks: ["STAGING"] });

function active(caSetName: string, version: number, networks: ActiveVersion["networks"]): ActiveVersion {
  return { caSetId: caSetName, caSetName, version, networks };
}

function set(caSetId: string, stagingVersion: number | null, productionVersion: number | null): CaSetView {
  return { caSetId, caSetName: caSetId, stagingVersion, productionVersion } as CaSetView;
}

test("a version on both networks is read once, and one on none is not read", () => {
  expect(activeVersionsOf([set("a", 2, 2), set("b", 2, 1), set("c", null, null)])).toEqual([
    active("a", 2, ["STAGING", "PRODUCTION"]),
    active("b", 2, ["STAGING"]),
    active("b", 1, ["PRODUCTION"]),
  ]);
});

test("a certificate in two versions of a set is one row, staging first, and in two sets it is two", () => {
  const end = "2026-12-01T00:00:00Z";
  const rows = expiringRows([
    ending("f", end, { caSetName: "a", version: 1, networks: ["PRODUCTION"] }),
    ending("f", end, onStaging("a", 2)),
    ending("f", end, { caSetName: "b", version: 1, networks: ["PRODUCTION", "STAGING"] }),
  ]);
  expect(rows.map(({ places }) => places)).toEqual([
    [active("a", 2, ["STAGING"]), active("a", 1, ["PRODUCTION"])],
    [active("b", 1, ["STAGING", "PRODUCTION"])],
  ]);
});

describe("what ends is chosen", () => {
  const at = (days: number): string => new Date(now + days * 86_400_000).toISOString();
  const ends = [-400, -1, 0.5, 1.5, 5.5, 90.5, 91.5, 120.5];
  const rows = expiringRows(ends.map((days) => ending(`c${days}`, at(days), onStaging("partners"))));
  const days = (change: Partial<Wish>): readonly string[] =>
    chosenRows(rows, { within: 120, words: "", order: { by: "expires", direction: "asc" }, ...change }, now).map(
      (row) => row.certificate.fingerprint,
    );

  test.each<[Within, readonly number[]]>([
    ["expired", [-400, -1]],
    [0, [-400, -1, 0.5]],
    [1, [-400, -1, 0.5, 1.5]],
    [5, [-400, -1, 0.5, 1.5, 5.5]],
    [90, [-400, -1, 0.5, 1.5, 5.5, 90.5]],
    [120, ends],
  ])("%s", (within, chosen) => {
    expect(days({ within })).toEqual(chosen.map((one) => `c${one}`));
  });

  test("by words in the name of the set or of the certificate", () => {
    expect(days({ words: "PARTNER" })).toHaveLength(ends.length);
    expect(days({ words: "c0.5" })).toEqual(["c0.5"]);
    expect(days({ words: "nobody" })).toEqual([]);
  });

  test("in the order that is wished", () => {
    expect(days({ order: { by: "expires", direction: "desc" } })[0]).toBe("c120.5");
    expect(days({ order: { by: "subject", direction: "asc" } })).toHaveLength(ends.length);
  });
});

test.each([
  [{}, {}],
  [{ within: 30 }, { within: 30 }],
  [{ within: "expired" }, { within: "expired" }],
  [{ within: 31 }, {}],
  [{ within: "30" }, {}],
])("the address %j is read as %j", (search, read) => {
  expect(readExpirySearch(search)).toEqual(read);
});

test("every choice is called something else", () => {
  expect(new Set(withins.map(withinText)).size).toBe(10);
  expect(withinText(1)).toBe("expired or ending within 1 day");
});

describe("the table for a spreadsheet", () => {
  const rowsOf = (subject: string) =>
    expiringRows([
      ending(
        "f",
        "2026-11-23T11:00:00Z",
        { caSetName: "partners", version: 3, networks: ["PRODUCTION", "STAGING"] },
        subject,
      ),
    ]);

  test("has one line for each row, with times in UTC and days below zero once it has expired", () => {
    const [, line] = expiringCsv(rowsOf("CN=A"), now).split("\r\n");
    expect(line).toBe(
      '"partners","partners","version 3 on Staging and Production","CN=A","CN=I","-1","f","2020-01-01T00:00:00Z","2026-11-23T11:00:00Z","-2"',
    );
  });

  test.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ["+1", `"'+1"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["-1+1", `"'-1+1"`],
    ['say "a, b"', '"say ""a, b"""'],
  ])("runs nothing that a certificate says: %s", (subject, field) => {
    expect(expiringCsv(rowsOf(subject), now)).toContain(field);
  });
});

describe("ends are summed up", () => {
  const ends = ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2030-01-01T00:00:00Z"];

  test("by urgency, without those of which there is none", () => {
    expect(countUrgencies(ends, now).map(({ urgency, count }) => [urgency, count])).toEqual([
      ["expired", 1],
      ["soon", 1],
      ["later", 1],
    ]);
  });

  test("in a sentence", () => {
    expect(expirySummary(ends, now)).toBe("3 certificates: 1 expired, 1 end within 30 days, 1 end later.");
  });
});

import { networkName } from "../text/network-name.ts";
import { daysUntil } from "../text/time-text.ts";
import type { ExpiringRow } from "./expiring-rows.ts";

const heads = [
  "set",
  "set id",
  "where",
  "subject",
  "issuer",
  "serial number",
  "sha-256",
  "not before",
  "not after",
  "days",
];

/** The rows for a spreadsheet (RFC 4180). Times are in UTC. Pure. */
export function expiringCsv(rows: readonly ExpiringRow[], now: number): string {
  const lines = rows.map(({ caSetId, caSetName, certificate, places }) => [
    caSetName,
    caSetId,
    places.map(placeText).join("; "),
    certificate.subject,
    certificate.issuer,
    certificate.serialNumber,
    certificate.fingerprint,
    certificate.startDate,
    certificate.endDate,
    String(daysUntil(certificate.endDate, now)),
  ]);
  return [heads, ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** "version 3 on Staging and Production" */
export function placeText({ version, networks }: ExpiringRow["places"][number]): string {
  return `version ${version} on ${networks.map((network) => networkName[network]).join(" and ")}`;
}

/** A spreadsheet would run what a certificate says when it begins like a formula; numbers below zero are ours. */
function field(text: string): string {
  const harmless = /^[=+@\t\r]|^-(?!\d+$)/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

import { describe, expect, test } from "vitest";
import { type CertificateColumn, type CertificateRow, certificateRows } from "./certificate-rows.ts";
import type { Order } from "../text/column-order.ts";

const partner: CertificateRow = {
  subject: "CN=Partner Root, O=Zeta",
  issuer: "CN=Partner Root, O=Zeta",
  endDate: "2030-01-01T00:00:00Z",
  fingerprint: "ab12cd",
  description: null,
};
const device: CertificateRow = {
  subject: "O=Alpha, CN=Device CA",
  issuer: "CN=Wide Root",
  endDate: "2027-01-01T00:00:00Z",
  fingerprint: "ff00ee",
  description: "for the meters",
};
const certificates = [partner, device];
const bySubject: Order<CertificateColumn> = { by: "subject", direction: "asc" };

describe("the certificates of a version", () => {
  test.each<[Order<CertificateColumn>, readonly CertificateRow[]]>([
    [bySubject, [device, partner]],
    [{ by: "issuer", direction: "asc" }, [partner, device]],
    [{ by: "expires", direction: "asc" }, [device, partner]],
    [{ by: "expires", direction: "desc" }, [partner, device]],
  ])("are ordered by what people call them: %j", (order, rows) => {
    expect(certificateRows(certificates, "", order)).toEqual(rows);
  });

  test("are counted as people count", () => {
    const issuing = (i: number): CertificateRow => ({ ...device, subject: `CN=Issuing ${i}` });
    expect(certificateRows([issuing(10), issuing(2)], "", bySubject)).toEqual([issuing(2), issuing(10)]);
  });

  test.each([
    ["WIDE", [device]],
    ["meters", [device]],
    [" zeta ", [partner]],
    ["AB:12:CD", [partner]],
    ["nobody", []],
    ["", [device, partner]],
  ])("are found by %j in their names, description or fingerprint", (words, rows) => {
    expect(certificateRows(certificates, words, bySubject)).toEqual(rows);
  });
});

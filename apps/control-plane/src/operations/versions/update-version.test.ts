import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, value } from "../../testing/deployment-harness.ts";
import { updateVersion } from "./update-version.ts";

const pki = testPki();
const [a, b, c] = [pki.root("A"), pki.root("B"), pki.root("C")];

describe("a draft that is written over", () => {
  test("leaves nothing of what it held, but what another version has too", async () => {
    const harness = await DeploymentHarness.open();
    const id = await harness.caSet([a, b], [b]);
    const { db } = harness.context.store;
    const stored = async () => {
      const texts = await db.selectFrom("certificate_texts").select("fingerprint").execute();
      const certificates = await db.selectFrom("certificates").select("fingerprint").execute();
      return [texts, certificates].map((rows) => rows.map(({ fingerprint }) => fingerprint).toSorted());
    };
    const write = async (...pems: readonly string[]) => {
      const request = {
        requireRootCertificate: false,
        certificates: pems.map((certificatePem) => ({ certificatePem })),
      };
      value(await updateVersion(harness.context, admin, id, 1, { request, ifMatch: undefined }));
    };
    const [ofA, ofB, ofC] = [a.fingerprint, b.fingerprint, c.fingerprint];
    await write(c.pem);
    expect(await stored()).toEqual([[ofB, ofC].toSorted(), [ofB, ofC].toSorted()]);
    // The same certificate in another text.
    await write(`${c.pem}\n`, a.pem);
    expect(await stored()).toEqual([[ofA, ofB, ofC].toSorted(), [ofA, ofB, ofC].toSorted()]);
    await write(c.pem);
    expect(await stored()).toEqual([[ofB, ofC].toSorted(), [ofB, ofC].toSorted()]);
  });
});

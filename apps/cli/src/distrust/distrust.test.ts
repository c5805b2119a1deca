import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { shareWorkplace } from "../testing/open-workplace.ts";

const pki = testPki({ now: new Date() });
const root = pki.root("Distrusted Root");
const issuing = root.intermediate("Distrusted Issuing");
const other = pki.root("Kept Root");

const workplace = shareWorkplace();

describe("a CA that was compromised", () => {
  test("is found in every set that lets in its clients, and taken out", async () => {
    const { tcm, directory } = workplace();
    const write = (name: string, pem: string) => writeFileSync(join(directory, name), pem);
    write("root.pem", root.pem);
    write("both.pem", other.pem + root.pem);
    write("other.pem", other.pem);
    write("issuing.pem", issuing.pem);
    write("issuing-chain.pem", issuing.pem + root.pem);
    write("key.pem", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");

    expect((await tcm("where root.pem")).out).toBe(
      `No network serves a version, so that nobody lets in clients of CN=Distrusted Root [${root.fingerprint.slice(0, 12)}].\n`,
    );
    for (const [name, file] of [
      ["first", "both.pem"],
      ["second", "both.pem"],
      ["third", "other.pem"],
    ])
      await tcm(`upload ${name} ${file} --description d`);
    await tcm("deploy first --network both --wait");
    await tcm("deploy second --network staging --wait");
    await tcm("deploy third --network staging --wait");

    const found = await tcm("where root.pem");
    expect(found).toMatchObject({ code: 0, err: "" });
    expect(found.out).toMatch(/^CA SET +NETWORKS +TRUSTS\nfirst@1 +production, staging +it\nsecond@1 +staging +it\n\n/);
    expect(found.out).toContain("\n2 versions of the 3 that networks serve let in clients of CN=Distrusted Root [");
    const above = await tcm("where issuing.pem");
    expect(above.out).toContain(`a CA above it: CN=Distrusted Root [${root.fingerprint.slice(0, 12)}]`);
    expect(above.out).toContain("CN=Distrusted Root is above it, and not in the file");
    expect((await tcm("where issuing-chain.pem")).out).not.toContain("not in the file");
    expect((await tcm("where key.pem")).err).toContain("private key");

    const taken = await tcm(`versions without first ${root.fingerprint.slice(0, 12)}`);
    expect(taken).toMatchObject({ code: 0, err: "" });
    expect(taken.out).toContain(
      `first@2 created: version 1 without\n- CN=Distrusted Root  [${root.fingerprint.slice(0, 12)}]\n`,
    );
    expect((await tcm("versions bundle first@2")).out).toBe(other.pem);
    expect(JSON.parse((await tcm("versions show first@2 --json")).out)).toMatchObject({ description: "d" });
    expect((await tcm(`versions without third ${other.fingerprint}`)).err).toContain("Nothing would be left");
    await tcm("deploy first --network both --wait");
    const left = JSON.parse((await tcm("where root.pem --json")).out) as unknown;
    expect(left).toEqual({
      subject: "CN=Distrusted Root",
      fingerprint: root.fingerprint,
      inForceCount: 3,
      versions: [
        {
          caSetId: expect.any(String),
          caSetName: "second",
          version: 1,
          networks: ["STAGING"],
          through: [{ subject: "CN=Distrusted Root", fingerprint: root.fingerprint, as: "itself" }],
        },
      ],
    });
  });
});

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { shareWorkplace } from "../testing/open-workplace.ts";

const pki = testPki({ now: new Date() });
const first = pki.root("First Root");
const second = pki.root("Second Root");

const workplace = shareWorkplace();

/** With PEM files in the directory. */
function openWorkplaceWithFiles() {
  const { tcm, directory } = workplace();
  writeFileSync(join(directory, "first.pem"), first.pem);
  writeFileSync(join(directory, "both.pem"), `our partners\n${first.pem}${second.pem}`);
  writeFileSync(join(directory, "leaf.pem"), first.leaf("client-1").pem);
  return { tcm, directory };
}

const done = { code: 0, err: "" };

describe("a CA set on the command line", () => {
  test("is uploaded, deployed, changed, rolled back, bound and taken off again", async () => {
    const { tcm } = openWorkplaceWithFiles();

    const created = await tcm("upload partners first.pem --description first");
    expect(created).toMatchObject(done);
    expect(created.out).toMatch(/^CN=First Root {2}\[root, /);
    expect(created.out).toContain("partners@1 created: 1 certificate.\nNext: tcm deploy partners@1 --wait\n");

    const deployed = await tcm("deploy partners --wait");
    expect(deployed).toMatchObject(done);
    expect(deployed.out).toMatch(
      /^staging .*\n(?:staging .*\n)*staging .*COMPLETE in .*, 1 of 1 node proved it\nproduction /,
    );
    expect(deployed.out).toMatch(/production {2}activate partners@1 {2}COMPLETE in .*\n$/);

    const again = await tcm("deploy partners --network staging");
    expect(again).toEqual({ code: 0, out: "staging     partners@1 is active already\n", err: "" });

    expect(await tcm("upload partners both.pem")).toMatchObject(done);
    const json = await tcm("deploy partners@2 --wait --json");
    expect(json).toMatchObject(done);
    for (const network of ["staging", "production", "both"]) {
      const passed = await tcm(`deploy partners@2 --network ${network} --wait`);
      expect(passed).toMatchObject(done);
      expect(passed.out).toContain("partners@2 is active already\n");
      const nothing = await tcm(`deploy partners@2 --network ${network} --json`);
      expect([nothing.code, JSON.parse(nothing.out)]).toEqual([0, { activations: [] }]);
    }
    for (const [line, exitCode, type] of [
      ["sets show nobody --json", 4, "not-found"],
      ["versions show partners --json --url ftp://x", 2, "usage"],
      ["deploy partners --json --network mars", 2, "usage"],
      ["sets --json --url http://127.0.0.1:1", 5, "unreachable"],
    ] as const) {
      const refused = await tcm(line);
      expect(refused.code, line).toBe(exitCode);
      expect(JSON.parse(refused.out), line).toMatchObject({ type: `urn:tcm:problem:${type}`, exitCode });
      expect(refused.err.length, line).toBeGreaterThan(0);
    }
    const { activations } = JSON.parse(json.out) as { readonly activations: readonly unknown[] };
    expect(activations).toMatchObject([
      { network: "STAGING", version: 2, activationStatus: "COMPLETE", percentComplete: 100 },
      { network: "PRODUCTION", version: 2, activationStatus: "COMPLETE", percentComplete: 100 },
    ]);

    const back = await tcm("rollback partners --network production --one-node-first --observe 0 --wait");
    expect(back).toMatchObject(done);
    expect(back.out).toContain("goes first");
    expect((await tcm("rollback partners --network production --observe 0")).code).toBe(2);
    expect(back.out).toContain("production  activate partners@1  COMPLETE");
    const status = await tcm("status");
    expect(status.out).toContain("CA SET    LATEST  STAGING  PRODUCTION\npartners       2  2        1\n");
    expect(status.out).toMatch(/Nothing needs attention\.\n$/);
    expect(await tcm("expiring")).toEqual({ code: 0, out: "No certificate ends so soon.\n", err: "" });
    const expiring = await tcm("expiring --within 36500");
    expect(expiring.out).toMatch(/^UNTIL {7}CA SET {6}NETWORKS {4}SUBJECT/);
    expect(expiring.out).toMatch(/partners@1 {2}production {2}CN=First Root/);
    expect((await tcm("expiring --within soon")).code).toBe(4);

    const bound = await tcm("edge-certificates create --hostname shop.example --ca-set partners --wait");
    expect(bound).toMatchObject(done);
    expect(bound.out).toContain(" 1  shop.example  partners  deny  COMPLETE  COMPLETE\n");
    const inUse = await tcm("deactivate partners --network staging");
    expect(inUse.code).toBe(4);
    expect(inUse.err).toContain("ca-set-in-use-by-enrollments");
    expect(await tcm("edge-certificates delete 1 --yes")).toEqual({ ...done, out: "Edge certificate 1 deleted.\n" });

    for (const network of ["staging", "production --one-node-first --observe 0"])
      expect((await tcm(`deactivate partners --network ${network} --wait`)).out).toContain("COMPLETE");
    expect((await tcm("deactivate partners --network staging")).err).toBe('"partners" is not active on staging.\n');
    expect((await tcm("cancel partners --network staging")).err).toBe(
      'No deployment of "partners" is running on staging.\n',
    );
  });

  test("is deployed as it was reviewed, or not at all", async () => {
    const { tcm } = openWorkplaceWithFiles();
    await tcm("upload reviewed first.pem");
    const tag = async () => /^tag (v1-\S+)$/m.exec((await tcm("versions show reviewed@1")).out)?.[1];
    const reviewed = await tag();
    expect(reviewed).toBeDefined();
    expect(await tcm("upload reviewed both.pem --version 1")).toMatchObject(done);
    for (const written of [reviewed, `"${reviewed}"`]) {
      const refused = await tcm(`deploy reviewed@1 --network staging --if-match ${written}`);
      expect(refused).toMatchObject({ code: 4, out: "" });
      expect(refused.err).toContain("precondition-failed");
    }
    expect(JSON.parse((await tcm("sets show reviewed --json")).out)).toMatchObject({ stagingVersion: null });
    expect(await tcm(`deploy reviewed@1 --network staging --if-match ${await tag()} --wait`)).toMatchObject(done);
  });

  test("is shown, copied, exported and renamed", async () => {
    const { tcm, directory } = openWorkplaceWithFiles();
    await tcm("upload suppliers both.pem --description two");
    expect((await tcm("sets")).out).toMatch(/^ID {2}NAME .*\n(?:.*\n)* \d+ {2}suppliers +1 +- +- .*\n/);
    expect((await tcm("versions clone suppliers@1")).out).toBe("suppliers@2 created as a copy.\n");
    const { caSetId } = JSON.parse((await tcm("sets show suppliers --json")).out) as { readonly caSetId: string };
    expect((await tcm(`versions list ${caSetId}`)).out.split("\n")).toHaveLength(4);
    const shown = await tcm("versions show suppliers@1");
    for (const { fingerprint } of [first, second]) expect(shown.out).toContain(fingerprint);
    expect((await tcm("versions tree suppliers@1")).out.match(/\[root, /g)).toHaveLength(2);

    expect((await tcm("versions bundle suppliers@1")).out).toBe(first.pem + second.pem);
    expect(await tcm("versions bundle suppliers@1 --output out.pem")).toEqual({ ...done, out: "" });
    expect(readFileSync(join(directory, "out.pem"), "utf8")).toBe(first.pem + second.pem);
    expect((await tcm("versions bundle suppliers@1 --output first.pem")).err).toBe(
      "Cannot write first.pem: it exists already.\n",
    );
    expect(statSync(join(directory, "first.pem")).size).toBe(first.pem.length);

    expect((await tcm("sets rename suppliers suppliers-eu")).out).toBe('"suppliers" is now "suppliers-eu".\n');
    expect((await tcm("sets describe suppliers-eu ours")).out).toBe('"suppliers-eu": ours\n');
    expect((await tcm("sets show suppliers-eu --json")).out).toContain('"caSetName": "suppliers-eu"');
    expect(await tcm("sets show suppliers")).toEqual({
      code: 4,
      out: "",
      err: 'There is no CA set "suppliers". List them with: tcm sets\n',
    });
  });

  test("is not made when its first upload is refused, and every reason names its file", async () => {
    const { tcm } = openWorkplaceWithFiles();
    const refused = await tcm("upload refused first.pem leaf.pem");
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect(refused.err).toContain(
      "error: not-a-ca-certificate  leaf.pem, certificate 1 (line 1)\n  CN=client-1\n  SHA-256 ",
    );
    expect((await tcm("sets")).out).not.toContain("refused");
    const problem = await tcm("upload refused first.pem leaf.pem --json");
    expect(problem).toMatchObject({ code: 4, err: "" });
    expect(JSON.parse(problem.out)).toMatchObject({
      status: 400,
      errors: [{ type: expect.stringContaining("not-a-ca") }, {}],
    });
  });

  test("has a version that was never deployed replaced, with what is not said inherited", async () => {
    const { tcm } = openWorkplaceWithFiles();
    await tcm("upload replaced first.pem --description kept --allow-duplicate-common-names");
    expect((await tcm("upload replaced both.pem --version 1")).out).toContain("replaced@1 replaced: 2 certificates.\n");
    const version = JSON.parse((await tcm("versions show replaced@1 --json")).out) as unknown;
    expect(version).toMatchObject({
      description: "kept",
      allowDuplicateCommonNames: true,
      requireRootCertificate: true,
    });
    await tcm("deploy replaced@1 --network staging --wait");
    expect((await tcm("upload replaced first.pem --version 1")).err).toContain("ca-set-version-is-active");
  });
});

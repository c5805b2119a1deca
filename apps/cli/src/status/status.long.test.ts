import { mkdirSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openWorkplace } from "../testing/open-workplace.ts";

describe("a deployment that a node rejects", () => {
  test("is told with the words of the node by deploy, status and nodes, until the node takes it", async () => {
    const { instance, directory, tcm } = await openWorkplace();
    const pki = testPki({ now: new Date() });
    for (const name of ["first", "second"]) writeFileSync(join(directory, `${name}.pem`), pki.root(name).pem);
    await tcm("upload partners first.pem");
    expect((await tcm("deploy partners --network staging --wait")).code).toBe(0);
    await tcm("upload partners second.pem");
    // Where the edge would keep the entry there is a directory: it cannot write it, neither the new one nor the old one again.
    const place = join(instance.data, "edges/staging/manifest/ca-set-1.json");
    rmSync(place);
    mkdirSync(place);

    const failed = await tcm("deploy partners --network staging --wait");
    expect(failed.code).toBe(1);
    expect(failed.out).toMatch(/FAILED after .*\n {2}Rejected by staging-edge: disk-write-failed: .*EISDIR/);
    await expect.poll(async () => (await tcm("nodes")).out, { timeout: 120_000 }).toContain("1 rejected");
    expect((await tcm("nodes")).out).toMatch(/\n\nstaging-edge rejects ca-set\/1: disk-write-failed: .*EISDIR.*\n$/);
    expect((await tcm("nodes show staging-edge")).out).toMatch(
      /^ca-set\/1 .* rejected +yes +disk-write-failed: .*EISDIR/m,
    );
    const status = (await tcm("status")).out;
    expect(status).toMatch(/^failed +partners@2 on staging +Rejected by staging-edge: disk-write-failed: .*EISDIR/m);
    expect(status).toMatch(/^rejected +partners \(ca-set\/1\) by staging-edge +disk-write-failed: .*EISDIR/m);

    rmdirSync(place);
    await expect.poll(async () => (await tcm("nodes")).out, { timeout: 120_000 }).not.toContain("reject");
    expect((await tcm("status")).out).toMatch(/^ATTENTION .*\nfailed +partners@2 on staging .*\n$/m);
  });
});

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { activation, apiBasePath, deletionStatus } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

describeInBrowser("trust that a node cannot let go of", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(() => stopConsole({ instance, browser }));

  test("a deletion is seen under way, done on one network and failed on the other, and is asked for again", async () => {
    const caSetId = await instance.createSet("unwanted", [pki.root("Unwanted Root").pem]);
    await instance.deploy(caSetId, 1);
    for (const network of ["STAGING", "PRODUCTION"] as const) await withdraw(caSetId, network);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const { production } = instance.processIds();
    const free = obstruct(caSetId);
    process.kill(production, "SIGSTOP");
    try {
      await person.open(`/ca-sets/${caSetId}`);
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("dialog").getByText("Its record is kept for 30 days").waitFor();
      await keepPicture(page, "delete-set");
      await page.getByRole("button", { name: "Delete the set" }).click();
      await page.getByRole("heading", { name: "This set is being deleted" }).waitFor();
      await page.getByText("Every edge node has proved that it holds nothing of it.").waitFor();
      await page.getByText("0 % of the edge nodes have proved").waitFor();
      await person.expectAccessible();
      await keepPicture(page, "deleting");
      await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Certificate sets" }).click();
      await page.getByRole("row", { name: /unwanted being deleted/ }).waitFor();
      await keepPicture(page, "certificate-sets-deleting");
      await page.getByRole("link", { name: "unwanted", exact: true }).click();
      await page.getByRole("heading", { name: "This set is being deleted" }).waitFor();
    } finally {
      process.kill(production, "SIGCONT");
    }
    await page.getByRole("heading", { name: "The deletion failed on Production; the set is still there" }).waitFor();
    await page.getByText(/production-edge: disk-write-failed/).waitFor();
    await page.getByText("Mend or drain the nodes that are named, and delete the set again.").waitFor();
    await page.getByText("Every edge node has proved that it holds nothing of it.").waitFor();
    await instance.ask(deletionStatus, 207, "GET", `/ca-sets/${caSetId}/status/delete`);
    await person.expectAccessible();
    await keepPicture(page, "delete-failed");

    free();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("button", { name: "Delete the set" }).click();
    await page.getByRole("heading", { name: "This set is deleted" }).waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a removal that a node rejects stays in force, and the set shows what is", async () => {
    const [kept, removed] = [pki.root("Kept Root"), pki.root("Removed Root")];
    const caSetId = await instance.createSet("shrinking", [kept.pem, removed.pem]);
    await instance.deploy(caSetId, 1);
    await instance.createVersion(caSetId, [kept.pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const free = obstruct(caSetId);
    await person.open(`/ca-sets/${caSetId}/versions/2/deploy?networks=PRODUCTION`);
    await page.getByText("Clients of these CAs lose access").waitFor();
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByRole("heading", { name: "Production: failed" }).waitFor();
    await page.getByText("It stays in force. It only takes trust away").waitFor();
    await page.getByRole("row", { name: /production-edge.*disk-write-failed/ }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "removal-stays");
    await person.open(`/ca-sets/${caSetId}`);
    await page
      .getByRole("grid", { name: "Versions" })
      .getByRole("row", { name: /^version 2 .*Production/ })
      .waitFor();
    free();
    expect(person.faults).toEqual([]);
  });

  /** A network that serves a set does not let it be deleted. */
  async function withdraw(caSetId: string, network: "STAGING" | "PRODUCTION"): Promise<void> {
    const path = `/ca-sets/${caSetId}/versions/1/deactivate`;
    const { activationLink } = await instance.ask(activation, 202, "POST", path, { network });
    const ended = await instance.ended(activationLink.slice(apiBasePath.length), patienceMs);
    expect(ended.activationStatus).toBe("COMPLETE");
  }

  /** Where the production edge keeps what it knows of the set there is a directory until it is freed: it cannot write it. */
  function obstruct(caSetId: string): () => void {
    const file = join(instance.directory, "edges/production/manifest", `ca-set-${caSetId}.json`);
    rmSync(file);
    mkdirSync(file);
    return () => rmSync(file, { recursive: true });
  }
});

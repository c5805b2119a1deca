import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ActivityListView } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { expectWithinWindow, keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import { JourneyPage } from "./journey-page.ts";
import type { PictureName } from "./picture-names.ts";

const day = 86_400;

/** States that no story of the other files comes through: each without a violation, and on a narrow screen nothing goes over the edge. */
describeInBrowser("the states of sets and versions", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(() => stopConsole({ instance, browser }));

  test("nothing is there yet: each page says so, and what to do", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await person.open("/ca-sets");
    await page.getByRole("heading", { name: "There is no certificate set yet" }).waitFor();
    await look(person, "certificate-sets-none");
    await page.getByRole("button", { name: "Deleted" }).click();
    await page.getByRole("heading", { name: "No set was deleted within 30 days" }).waitFor();
    await look(person, "certificate-sets-none-deleted");
    await person.open("/try");
    await page.getByRole("heading", { name: "There is no version to try a client on" }).waitFor();
    await look(person, "try-none");
    await page.getByRole("button", { name: "Manage Certificate Sets" }).click();
    await page.getByRole("heading", { name: "There is no certificate set yet" }).waitFor();
    const created = await instance.request("POST", "/ca-sets", { caSetName: "nothing-yet" });
    const { caSetId } = created.body as { readonly caSetId: string };
    for (const [name, tab, title] of [
      ["set-no-version", "versions", "This set has no version yet"],
      ["set-deployments-none", "deployments", "Nothing of this set was deployed yet"],
      ["set-expiry-none", "expiry", "No network serves a version of this set"],
    ] as const) {
      await person.open(`/ca-sets/${caSetId}?tab=${tab}`);
      await page.getByRole("heading", { name: title }).waitFor();
      await look(person, name);
    }
    expect(person.faults).toEqual([]);
    await person.open("/ca-sets/999999");
    await page.getByRole("heading", { name: "There is no such certificate set" }).waitFor();
    await look(person, "no-such-set");
    await person.open(`/ca-sets/${caSetId}/versions/99`);
    await page.getByRole("heading", { name: "There is no such version" }).waitFor();
    await look(person, "no-such-version");
  });

  test("a set is renamed to what nobody has", async () => {
    const caSetId = await instance.createSet("to-rename", [pki.root("Rename Root").pem]);
    await instance.createSet("taken", [pki.root("Taken Root").pem]);
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}`);
    await page.getByRole("button", { name: "Rename" }).click();
    const dialog = page.getByRole("dialog", { name: "Rename the set" });
    await dialog.getByLabel("New name").fill("renamed");
    await look(person, "rename-set");
    await dialog.getByLabel("New name").fill("taken");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await dialog.getByText("ca-set-name-is-not-unique").waitFor();
    await look(person, "rename-refused");
    await dialog.getByLabel("New name").fill("renamed");
    await dialog.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("heading", { name: "renamed", exact: true }).waitFor();

    await person.open("/ca-sets/new");
    await page.getByLabel("Name of the certificate set").fill("taken");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("There is a certificate set of this name").waitFor();
    await look(person, "journey-name-taken");
    expect(person.faults).toEqual([]);
  });

  test("two hundred sets are filtered, to none as well", async () => {
    const caSetId = await instance.createSet("one-of-many", [pki.root("Many Root").pem]);
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}`);
    const caSets = Array.from({ length: 200 }, (_, i) => ({
      ...(body as object),
      caSetId: String(i + 1),
      caSetName:
        i === 7 ? `partner-${"with-a-very-long-name-".repeat(2)}0007` : `partner-${String(i).padStart(3, "0")}`,
      stagingVersion: i % 3 === 0 ? null : 12,
      productionVersion: i % 4 === 0 ? null : 11,
      caSetStatus: i === 3 ? "DELETING" : "NOT_DELETED",
    }));
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.route(/\/v2\/ca-sets\?/, (route) => route.fulfill({ json: { caSets } }));
    await person.open("/ca-sets");
    await page.getByText("200 of 200 sets").waitFor();
    await look(person, "certificate-sets-200");
    await page.getByLabel("Filter by name").fill("no set of this name");
    await page.getByText("No set has these words in its name.").waitFor();
    await look(person, "certificate-sets-no-match");
    expect(person.faults).toEqual([]);
  });

  test("a version says what it is: a draft, retired, failed, deleted, or with certificates that have ended", async () => {
    const [first, second, third] = [pki.root("First Root"), pki.root("Second Root"), pki.root("Third Root")];
    const caSetId = await instance.createSet("every-state", [first.pem]);
    for (const pems of [[first, second], [second], [second, third], [third]])
      await instance.createVersion(
        caSetId,
        pems.map(({ pem }) => pem),
      );
    await instance.deploy(caSetId, 1, ["STAGING"]);
    await instance.deploy(caSetId, 2, ["STAGING"]);
    const obstacle = join(instance.directory, "edges/staging/certificates", `${third.fingerprint}.der`);
    mkdirSync(obstacle, { recursive: true });
    const failed = await instance.ended(await instance.activate(caSetId, 4, "STAGING"), patienceMs);
    expect(failed.activationStatus).toBe("FAILED");
    rmSync(obstacle, { recursive: true });
    await instance.request("DELETE", `/ca-sets/${caSetId}/versions/5`);

    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    for (const [version, name] of [
      [1, "version-retired"],
      [3, "version-draft"],
      [4, "version-failed"],
      [5, "version-deleted"],
    ] as const) {
      await person.open(`/ca-sets/${caSetId}/versions/${version}`);
      await page.getByRole("heading", { name: `Version ${version}`, exact: true }).waitFor();
      await page.getByRole("grid", { name: "Certificates" }).waitFor();
      await look(person, name);
    }
    await person.open(`/ca-sets/${caSetId}/versions/3/edit`);
    await page.getByText("Valid: 1 certificate").waitFor();
    await look(person, "edit-version");

    await person.open(`/ca-sets/${caSetId}/versions/3`);
    await page.getByRole("button", { name: "Describe" }).click();
    await page.getByLabel("What it is for").fill("for the partners of the south");
    const path = `**/ca-sets/${caSetId}/versions/3`;
    await page.route(path, async (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      const headers = { ...route.request().headers(), "if-match": '"of-another-time"' };
      return route.continue({ headers });
    });
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("precondition-failed").waitFor();
    await look(person, "describe-refused");
    await page.unrouteAll({ behavior: "wait" });

    const ended = new Date(Date.now() - 3 * day * 1_000).toISOString();
    await page.route(/\/v2\/.*\/versions\/2(?:$|[/?])/, async (route) => {
      const text = await (await route.fetch()).text();
      return route.fulfill({
        contentType: "application/json",
        body: text.replaceAll(/("endDate":)"[^"]*"/g, `$1"${ended}"`),
      });
    });
    await person.open(`/ca-sets/${caSetId}/versions/2`);
    await page.getByText("expired 3 days ago").first().waitFor();
    await look(person, "version-expired");
    await page.unrouteAll({ behavior: "wait" });

    const viewer = await Person.signIn(browser, instance, "viewer");
    await viewer.open(`/ca-sets/${caSetId}`);
    await viewer.page.getByRole("grid", { name: "Versions" }).waitFor();
    await look(viewer, "set-viewer");
    await viewer.open(`/ca-sets/${caSetId}/versions/2`);
    await viewer.page.getByRole("grid", { name: "Certificates" }).waitFor();
    await look(viewer, "version-viewer");
    expect([...person.faults, ...viewer.faults]).toEqual([]);
  });

  test("what is in use is not withdrawn, and says by whom; a long history is filtered", async () => {
    const caSetId = await instance.createSet("in-use", [pki.root("Used Root").pem]);
    await instance.deploy(caSetId, 1);
    const bound = { hostnames: ["used.example"], clientAuthentication: { caSetId } };
    expect((await instance.request("POST", "/edge-certificates", bound)).status).toBe(201);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}`);
    await page.getByRole("button", { name: "Withdraw from production" }).click();
    await page.getByRole("button", { name: "Withdraw it" }).click();
    await page
      .getByRole("dialog")
      .getByRole("link", { name: /Edge certificate \d+: used\.example/ })
      .waitFor();
    await look(person, "withdraw-refused");

    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/activities`);
    const { activities } = body as ActivityListView;
    const many = Array.from({ length: 200 }, (_, i) => ({
      ...activities[i % activities.length],
      activityDate: new Date(Date.now() - i * 3_600_000).toISOString(),
    }));
    await page.route(`**/ca-sets/${caSetId}/activities`, (route) =>
      route.fulfill({ json: { ...(body as object), activities: many } }),
    );
    await person.open(`/ca-sets/${caSetId}?tab=history`);
    await page.setViewportSize({ width: 320, height: 900 });
    await page.reload();
    const chosen = page.getByRole("tab", { name: "History", selected: true });
    await expect.poll(async () => (await chosen.boundingBox())?.x, { timeout: patienceMs }).toBeLessThan(320);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByLabel("Filter by what or who").fill("on staging");
    await page.getByText(/^\d+ of 200 records$/).waitFor();
    await look(person, "set-history-long");
    expect(person.faults).toEqual([]);
  });

  test("the journey warns of what ends soon, says where a role may not deploy, and waits for a node", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const journey = await JourneyPage.newSet(person, "with-warnings");
    const ending = pki.root("Ending Root", { notAfter: pki.now + 20 * day });
    await journey.pasteAndValidate(ending.pem + pki.root("Lasting Root").pem);
    await person.page.getByText("The certificate expires in ").waitFor();
    await look(person, "journey-warnings");
    await journey.review();
    await journey.press("Next: where to deploy");
    await person.page.getByText("Your role may not deploy here.").first().waitFor();
    await look(person, "journey-location-viewer");
    await journey.press("Save without deploying");
    await person.page.getByRole("heading", { name: "with-warnings", exact: true }).waitFor();

    const deployer = await Person.signIn(browser, instance, "deployer");
    const deploying = await JourneyPage.newSet(deployer, "waits-for-a-node");
    await deploying.pasteAndValidate(pki.root("Waiting Root").pem);
    await deploying.review();
    await deploying.press("Next: where to deploy");
    await deployer.page.getByLabel("Production").check();
    const { staging } = instance.processIds();
    process.kill(staging, "SIGSTOP");
    try {
      await deploying.press("Deploy");
      await deployer.page.getByText("0 of 1 node has proved it, 1 is waited for.").waitFor();
      await look(deployer, "journey-deploying");
    } finally {
      process.kill(staging, "SIGCONT");
    }
    await deployer.page.getByText("Production: version 1 is deployed").waitFor();
    expect([...person.faults, ...deployer.faults]).toEqual([]);
  });
});

async function look(person: Person, name: PictureName): Promise<void> {
  const { page } = person;
  await person.expectAccessible();
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 900 });
  await expectWithinWindow(page, name);
  if (before !== null) await page.setViewportSize(before);
  await keepPicture(page, name);
}

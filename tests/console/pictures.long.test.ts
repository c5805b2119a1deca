import { readFileSync } from "node:fs";
import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { expectWithinWindow, keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

const patiently = { timeout: patienceMs };
const day = 86_400;

describeInBrowser("the pictures of the console", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;
  let crossSigned: string;
  let huge: string;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    crossSigned = await instance.createSet("cross-signed", crossSignedPems(), { allowDuplicateCommonNames: true });
    await instance.createVersion(crossSigned, [pki.root("Later Root").pem]);
    const top = pki.root("Wide Root");
    const under = Array.from({ length: 149 }, (_, i) => top.intermediate(`Issuing ${i}`).pem);
    const alone = Array.from(
      { length: 150 },
      (_, i) => pki.root(`Partner ${i} Root`, { notAfter: pki.now + (i + 1) * day }).pem,
    );
    huge = await instance.createSet("huge", [top.pem, ...under, ...alone]);
    await Promise.all([instance.deploy(crossSigned, 1), instance.deploy(huge, 1, ["STAGING"])]);
    await instance.deploy(crossSigned, 2, ["STAGING"]);
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
  });

  /** Two roots over one CA, and a CA of its own under it. */
  function crossSignedPems(): readonly string[] {
    const [old, next] = [pki.root("Old Root"), pki.root("Next Root")];
    const issuing = old.intermediate("Issuing CA");
    const again = next.crossSign(issuing);
    const lower = issuing.intermediate("Device CA", { notAfter: pki.now + 20 * day });
    return [old, next, issuing, again, lower, pki.root("Stands Alone Partner Payments Root 2026")].map(
      ({ pem }) => pem,
    );
  }

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
  ] as const)("are without a violation, %s and %i pixels wide", async (colorScheme, width) => {
    const viewport = { width, height: 900 };
    const person = await Person.signIn(browser, instance, "viewer", { colorScheme, viewport });
    const { page } = person;
    for (const [name, path, seen] of [
      ["version", `/ca-sets/${crossSigned}/versions/1`, "6 certificates"],
      ["graph", `/ca-sets/${crossSigned}/versions/1?view=structure`, "What each anchor makes trusted"],
      ["set-timeline", `/ca-sets/${crossSigned}?tab=deployments`, "Which version ran where"],
      ["set-expiry", `/ca-sets/${crossSigned}?tab=expiry`, "Certificates of version"],
      ["expiring-days", "/expiring?within=30", "32 certificates"],
    ] as const) {
      await person.open(path);
      await page.getByRole("main").getByText(seen).first().waitFor();
      await page.getByRole("progressbar", { name: "The page is being read" }).waitFor({ state: "detached" });
      await person.expectAccessible();
      await expectWithinWindow(page, name);
      if (colorScheme === "light" && width === 1280) await keepPicture(page, name);
    }
    expect(person.faults).toEqual([]);
  });

  test("the chain graph is walked with the keyboard, and says what an anchor makes trusted", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open(`/ca-sets/${crossSigned}/versions/1?view=structure`);
    const graph = page.getByRole("listbox", { name: "Chain graph" });
    await graph.getByRole("option", { name: /^Old Root/ }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const device = graph.getByRole("option", { name: /Device CA.*issued by Issuing CA, Issuing CA/s });
    const hasFocus = () => device.evaluate((element) => element === element.ownerDocument.activeElement);
    await expect.poll(hasFocus, patiently).toBe(true);
    await page.keyboard.press("Enter");
    await graph.getByRole("option", { name: /Device CA/, selected: true }).waitFor();
    const trust = page.getByRole("grid", { name: "What each anchor makes trusted" });
    await trust.getByText("it widens nothing").waitFor();
    await expect.poll(() => trust.getByRole("row").count(), patiently).toBe(2);
    await page.waitForURL((url) => /^[0-9a-f]{64}$/.test(url.searchParams.get("certificate") ?? ""));
    await keepPicture(page, "graph-focus");
    await page.getByLabel("Show only these").check();
    await expect.poll(() => graph.getByRole("option").count(), patiently).toBe(5);
    await keepPicture(page, "graph-only");
    await page
      .getByRole("tree")
      .getByRole("button", { name: /Stands Alone/ })
      .click();
    await graph.getByRole("option", { name: /Stands Alone/, selected: true }).waitFor();
    // The year by which people tell it from the next is not what is left out.
    const year = graph.getByText("2026", { exact: true });
    const [end, box] = await Promise.all([
      year.boundingBox(),
      graph.getByRole("option", { name: /Stands Alone Partner Payments Root 2026/ }).boundingBox(),
    ]);
    expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
    expect(end?.width).toBeGreaterThan(0);
    expect(person.faults).toEqual([]);
  });

  test("the timeline marks a deployment that failed and one that is under way, and the table says the same", async () => {
    const { body } = await instance.request("GET", `/ca-sets/${crossSigned}/activations`);
    const { activations } = body as { readonly activations: readonly object[] };
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    const [newest] = activations;
    const later = { ...newest, version: 2, network: "PRODUCTION", previousVersion: 1 };
    const failed = { ...later, activationId: 98, activationStatus: "FAILED", failureReason: "Rejected by edge-7." };
    const running = { ...later, activationId: 99, activationStatus: "IN_PROGRESS", percentComplete: 40 };
    const all = { activations: [running, failed, ...activations] };
    await page.route(`**/ca-sets/${crossSigned}/activations`, (route) => route.fulfill({ json: all }));
    await person.open(`/ca-sets/${crossSigned}?tab=deployments`);
    const lane = page.getByRole("list", { name: "Production over time" });
    await lane.getByRole("link", { name: /version 2 failed\. Rejected by edge-7\./ }).waitFor();
    await lane.getByRole("link", { name: /version 2 is on its way: 40 %/ }).waitFor();
    await lane.getByRole("link", { name: /version 1 from .* until now/ }).waitFor();
    const table = page.getByRole("grid", { name: "Versions over time" });
    expect(await table.getByRole("row").count()).toBe(6);
    await table.getByRole("row", { name: /Production version 2 failed Rejected by edge-7\./ }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "timeline-marks");
  });

  test("a tab that cannot be read leaves the page, and is tried again", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    const address = `**/ca-sets/${crossSigned}/activities`;
    await page.route(address, (route) => route.fulfill({ status: 502, body: "bad gateway" }));
    await person.open(`/ca-sets/${crossSigned}?tab=history`);
    await page.getByText("The answer is not one of this server").waitFor();
    await page.getByRole("heading", { name: "cross-signed" }).waitFor();
    await keepPicture(page, "set-tab-failed");
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("grid", { name: "History" }).getByText("created the set", { exact: true }).waitFor();
  });

  test("300 certificates: the graph opens what it holds back, and the table holds what is seen", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open(`/ca-sets/${huge}/versions/1?view=structure`);
    const graph = page.getByRole("listbox", { name: "Chain graph" });
    await expect.poll(() => graph.getByRole("option").count(), patiently).toBe(11);
    await keepPicture(page, "graph-huge");
    await graph.getByRole("option", { name: /^145 more CAs/ }).click();
    await expect.poll(() => graph.getByRole("option").count(), patiently).toBe(155);
    await keepPicture(page, "graph-huge-open");
    await page.getByRole("tab", { name: "Certificates" }).click();
    const table = page.getByRole("grid", { name: "Certificates" });
    await table.getByText("Issuing 0", { exact: true }).waitFor();
    expect(await table.getByRole("row").count()).toBeLessThan(100);
    await keepPicture(page, "version-huge");
    await table.getByRole("button", { name: "Expires" }).click();
    await table.getByText("Partner 0 Root").first().waitFor();
    await page.getByLabel("Filter by name or fingerprint").fill("partner 149");
    await page.getByText("1 of 300 certificates").waitFor();
    await page.getByLabel("Filter by name or fingerprint").fill("nobody");
    await page.getByText("No certificate has these words.").waitFor();
    await keepPicture(page, "version-no-match");
  });

  test("what expires is chosen by days, found by words, and downloaded", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open("/");
    await page
      .getByRole("navigation", { name: "Sections" })
      .getByRole("link", { name: "Expiring certificates" })
      .click();
    await page.getByText("92 certificates").first().waitFor();
    await page.getByLabel("Show what is").selectOption({ label: "expired or ending within 10 days" });
    await page.getByText("11 certificates", { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe("?within=10");
    await page.getByLabel("Filter by certificate or set").fill("partner 3 root");
    await page.getByText("1 certificate", { exact: true }).waitFor();
    const file = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const downloaded = await file;
    expect(downloaded.suggestedFilename()).toBe("expiring-certificates.csv");
    const lines = readFileSync(await downloaded.path(), "utf8")
      .trim()
      .split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('"huge","2","version 1 on Staging","CN=Partner 3 Root"');
    await page.getByRole("link", { name: "Partner 3 Root" }).click();
    await page.getByRole("option", { name: /Partner 3 Root/, selected: true }).waitFor();
    await person.open("/expiring?within=expired");
    await page.getByText("Nothing is expired.").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("what cannot be read is told, and read again", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.route("**/certificates/expiring?*", (route) => route.abort());
    await person.open("/expiring");
    await page.getByRole("heading", { name: "This page cannot be shown" }).waitFor(patiently);
    await person.expectAccessible();
    await keepPicture(page, "expiring-failed");
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("92 certificates").first().waitFor();
  });
});

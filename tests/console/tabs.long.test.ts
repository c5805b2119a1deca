import { testPki } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { faultsOf, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

/** More than the six connections that a browser has to one server. */
const tabs = 8;

describeInBrowser("the console in many tabs", () => {
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
  });

  test("every one of eight can be used, and a tab that is looked at again shows what happened meanwhile", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const first = person.page;
    await person.open("/ca-sets");
    await isLive(first);
    const pages = [first];
    for (let i = 1; i < tabs; i++) {
      await turn(pages.at(-1), "hidden");
      const page = await first.context().newPage();
      const faults = faultsOf(page);
      await page.goto(`${instance.url}/edge-nodes`);
      await page.getByRole("link", { name: "staging-edge" }).waitFor();
      await isLive(page);
      expect(faults).toEqual([]);
      pages.push(page);
    }
    await instance.createSet("made-meanwhile", [testPki({ now: new Date() }).root("Partner Root").pem]);
    await turn(pages.at(-1), "hidden");
    await turn(first, "visible");
    await first.getByRole("link", { name: "made-meanwhile", exact: true }).waitFor();
    await isLive(first);
    expect(person.faults).toEqual([]);
  });

  test("eight windows side by side share a stream, and when the one that has it closes the others go on", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const context = person.page.context();
    await person.open("/ca-sets");
    await isLive(person.page);
    const others: Page[] = [];
    // With a stream each, the seventh could not even be read.
    for (let i = 1; i < tabs; i++) {
      const page = await context.newPage();
      await page.goto(`${instance.url}/ca-sets`);
      await isLive(page);
      others.push(page);
    }
    await person.page.close();
    await instance.createSet("made-beside", [testPki({ now: new Date() }).root("Beside Root").pem]);
    for (const page of others) await page.getByRole("link", { name: "made-beside", exact: true }).waitFor();
    expect(person.faults).toEqual([]);
    await context.close();
  });

  test("a page that is gone back to is live, as one that the browser kept is", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await isLive(page);
    await page.evaluate('window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))');
    await page.getByText("Connecting", { exact: false }).waitFor();
    await page.evaluate('window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))');
    await isLive(page);
    await page.goto("about:blank");
    await page.goBack();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await isLive(page);
    expect(person.faults).toEqual([]);
  });
});

/** A browser that is driven calls all of its tabs visible: here they are told what a person's would be. */
async function turn(page: Page | undefined, state: "visible" | "hidden"): Promise<void> {
  await page?.evaluate(`
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "${state}" });
    document.dispatchEvent(new Event("visibilitychange"));
  `);
}

async function isLive(page: Page): Promise<void> {
  await page.getByText("Live", { exact: true }).waitFor({ timeout: patienceMs });
}

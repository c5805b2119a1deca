import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { createTemporaryDirectory, removeDirectory, testPki } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { type OpensslCertificate, opensslRoot } from "../e2e/openssl-pki.ts";
import { buildConsole, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

const dist = resolve(import.meta.dirname, "../../apps/console/dist");
const maxInitialBytes = 250_000;
test("what is fetched before the first page is at most 250 kB of compressed JavaScript", async () => {
  await buildConsole();
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const initial = readdirSync(join(dist, "assets")).filter((name) => name.endsWith(".js") && page.includes(name));
  expect(initial.length).toBeGreaterThan(0);
  const bytes = initial.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length,
    0,
  );
  expect(bytes).toBeLessThanOrEqual(maxInitialBytes);
});

describeInBrowser("the console for everybody, at any size", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let root: OpensslCertificate;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    root = await opensslRoot(files, "keyboard-root");
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  test("a set is created and deployed with the keyboard alone", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await focus(page, "button", "Manage Certificate Sets");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Certificate sets", exact: true }).waitFor();
    await focus(page, "button", "Create new set");
    await page.keyboard.press("Enter");
    await focus(page, "textbox", "Name of the certificate set");
    await page.keyboard.type("by-keyboard");
    await page.keyboard.press("Enter");
    await focus(page, "textbox", "Certificates in PEM");
    await page.keyboard.insertText(root.pem);
    await focus(page, "button", "Add pasted certificates");
    await page.keyboard.press("Enter");
    await focus(page, "button", "Upload and validate chains");
    await page.keyboard.press("Enter");
    await page.getByText("Valid: 1 certificate").waitFor();
    await focus(page, "button", "Next: review");
    await page.keyboard.press("Enter");
    await focus(page, "button", "Next: where to deploy");
    await page.keyboard.press("Enter");
    await focus(page, "button", "Deploy");
    await page.keyboard.press("Enter");
    await page.getByText("Staging: version 1 is deployed").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a thousand nodes are shown, of which the page holds those that are seen", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    const { body } = await instance.request("GET", "/edge-nodes");
    const { edgeNodes } = body as { readonly edgeNodes: readonly object[] };
    const many = Array.from({ length: 1_000 }, (_, i) => ({
      ...edgeNodes[i % 2],
      nodeId: `edge-${String(i).padStart(4, "0")}`,
    }));
    await page.route("**/v2/edge-nodes?*", (route) => route.fulfill({ json: { edgeNodes: many } }));
    await person.open("/edge-nodes");
    await page.getByText("1000 of 1,000 nodes").waitFor();
    await page.getByRole("link", { name: "edge-0000" }).waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(200);
    await page.getByLabel("Filter by name, engine or network").fill("edge-0999");
    await page.getByRole("link", { name: "edge-0999" }).waitFor();
    await person.expectAccessible();
  });

  test("a version of 300 certificates is shown whole", async () => {
    const pki = testPki({ now: new Date() });
    const pems = Array.from({ length: 300 }, (_, i) => pki.root(`Partner ${i} Root`).pem);
    const caSetId = await instance.createSet("three-hundred", pems);
    const person = await Person.signIn(browser, instance, "viewer");
    await person.open(`/ca-sets/${caSetId}/versions/1`);
    await person.page.getByRole("heading", { name: "300 certificates" }).waitFor();
    await person.page.getByRole("tree").getByText("Partner 299 Root").waitFor();
  });

  test("what a certificate says is text: no markup, no link, no name of a file", async () => {
    const name = '<img src=x onerror="document.title=1">[a](javascript:alert(1))../../etc';
    const hostile = testPki({ now: new Date() }).root(name);
    const caSetId = await instance.createSet("hostile-names", [hostile.pem]);
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}/versions/1`);
    await page.getByRole("main").getByText("[a](javascript:alert(1))../../etc").first().waitFor();
    const main = page.getByRole("main");
    expect(await main.locator("img").count()).toBe(0);
    const links = await main.getByRole("link").evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    expect(links.join()).not.toContain("javascript");
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download PEM" }).click();
    expect((await file).suggestedFilename()).toBe("hostile-names-1.pem");
    expect(await page.title()).toBe("hostile-names version 1 · Trust Chain Manager");
    expect(person.faults).toEqual([]);
  });

  test("a server that is away is said, and the page comes back with it", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.getByText("Live", { exact: true }).waitFor();
    await instance.stop();
    await page.getByText("Not live: trying again").waitFor();
    await instance.start();
    await page.getByText("Live", { exact: true }).waitFor();
  });
});

/** Walks there with Tab, as somebody without a mouse does. */
async function focus(page: Page, role: "button" | "textbox", name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true });
  await target.waitFor();
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${name} cannot be reached with the keyboard`);
}

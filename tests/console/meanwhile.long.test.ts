import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { keepPicture, openBrowser, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import { JourneyPage } from "./journey-page.ts";

const patiently = { timeout: patienceMs };

describeInBrowser("what happens while a page of the console is open", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
  });

  test("a version that somebody edits before Deploy is pressed is not deployed before it was looked at again", async () => {
    const caSetId = await instance.createSet("looked-at", [pki.root("Looked At Root").pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}/versions/1/deploy`);
    const deploy = page.getByRole("button", { name: "Deploy", exact: true });
    await deploy.waitFor();
    const certificates = [{ certificatePem: pki.root("Slipped In Root").pem }];
    expect((await instance.request("PUT", `/ca-sets/${caSetId}/versions/1`, { certificates })).status).toBe(200);
    await deploy.click();
    await page.getByText("Version 1 was changed since you looked at it").waitFor(patiently);
    expect((await instance.request("GET", `/ca-sets/${caSetId}/activations`)).body).toEqual({ activations: [] });
    await person.expectAccessible();
    await page.getByRole("button", { name: "Look at it again" }).click();
    await deploy.click();
    await page.getByText("Staging: version 1 is deployed").waitFor(patiently);
    expect(person.faults).toEqual([]);
  });

  test("a version that was saved already is not deployed when somebody edits it before that is gone on with", async () => {
    const root = pki.root("Saved Already Root").pem;
    const caSetId = await instance.createSet("saved-already", [root]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const journey = new JourneyPage(person);
    await person.open(`/ca-sets/${caSetId}/new-version`);
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 1 certificate").waitFor();
    await journey.review();
    await journey.press("Next: where to deploy");
    await journey.press("Deploy");
    await page.getByText("It was already saved, as version 1").waitFor();
    const certificates = [{ certificatePem: pki.root("Slipped In Later Root").pem }];
    expect((await instance.request("PUT", `/ca-sets/${caSetId}/versions/1`, { certificates })).status).toBe(200);
    await journey.press("Go on with version 1");
    await page.getByText("Version 1 was changed since you looked at it").waitFor(patiently);
    expect((await instance.request("GET", `/ca-sets/${caSetId}/activations`)).body).toEqual({ activations: [] });
  });

  test("hostnames are unbound by a dialog that is there at once, and followed until every node has let go", async () => {
    const caSetId = await instance.createSet("let-go", [pki.root("Let Go Root").pem]);
    await instance.deploy(caSetId, 1);
    const hostnames = ["let-go.example"];
    await instance.request("POST", "/edge-certificates", { hostnames, clientAuthentication: { caSetId } });
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const { production } = instance.processIds();
    let goOn: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route("**/v2/edge-certificates/*", async (route) => {
      if (route.request().method() === "DELETE") await asked;
      await route.continue();
    });
    await person.open("/edge-certificates");
    await page.getByRole("row", { name: /let-go\.example.*complete.*complete/ }).waitFor(patiently);
    await page.getByRole("button", { name: "Unbind let-go.example" }).click();
    const dialog = page.getByRole("dialog", { name: "This opens what is guarded now" });
    const confirm = dialog.getByRole("button", { name: "Open it" });
    await dialog.getByText("Being looked up: what it opens").waitFor({ ...patiently, state: "attached" });
    expect(await confirm.isDisabled()).toBe(true);
    // What takes long does not hold it up: the page would give up waiting.
    goOn();
    await expect.poll(() => dialog.textContent(), patiently).toContain("let-go.example is bound to no CA set any more");
    await person.expectAccessible();
    process.kill(production, "SIGSTOP");
    try {
      await confirm.click();
      await page.getByText("let-go.example is being unbound on both networks: 1 edge node left.").waitFor(patiently);
      await page.getByRole("row", { name: /production-edge.*waits/ }).waitFor();
      await person.expectAccessible();
    } finally {
      process.kill(production, "SIGCONT");
    }
    await page.getByText("let-go.example is unbound, and every edge node has shown it.").waitFor(patiently);
    await page.unrouteAll({ behavior: "wait" });
    expect(person.faults).toEqual([]);
  });

  test("who goes back to a page finds what changed meanwhile, and it is live again", async () => {
    const caSetId = await instance.createSet("gone-back-to", [pki.root("Gone Back To Root").pem]);
    // Test tools turn off the cache in which browsers keep pages for going back.
    const keeping = await openBrowser({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    try {
      const person = await Person.signIn(keeping, instance, "viewer", { isKept: true });
      const { page } = person;
      await person.open(`/ca-sets/${caSetId}`);
      await page.getByText("Live", { exact: true }).waitFor();
      await page.evaluate("addEventListener('pageshow', ({ persisted }) => (window.tcmWasKept = persisted))");
      await page.goto(`${instance.url}/reference`);
      const description = "described while nobody looked";
      expect((await instance.request("PATCH", `/ca-sets/${caSetId}`, { description })).status).toBe(200);
      await page.goBack({ waitUntil: "commit" });
      await page.getByText(description).waitFor(patiently);
      await page.getByText("Live", { exact: true }).waitFor(patiently);
      expect(await page.evaluate("window.tcmWasKept")).toBe(true);
      const next = "described while somebody looks";
      expect((await instance.request("PATCH", `/ca-sets/${caSetId}`, { description: next })).status).toBe(200);
      await page.getByText(next).waitFor(patiently);
      expect(person.faults).toEqual([]);
    } finally {
      await keeping.close();
    }
  });

  test("after an upgrade a page that is opened is that of the new console, and unsaved work is taken along to it", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const own = await page.content();
    /** The server as it is after an upgrade, for who asks it so often. */
    const upgrade = async (part: string, times: number): Promise<void> => {
      const other = own.replace(/assets\/index-/g, "assets/index-of-another-");
      await page.route(part, (route) => route.fulfill({ status: 404 }), { times });
      await page.route(
        ({ pathname }) => pathname === "/",
        (route) => route.fulfill({ contentType: "text/html", body: other }),
        { times },
      );
    };
    await page.evaluate("window.tcmIsOfBefore = true");
    await upgrade("**/assets/expiring-page-*.js", 1);
    // Not by the mouse: what it is over is fetched, and the page would be another one before it is clicked.
    await page
      .getByRole("navigation")
      .getByRole("link", { name: "Expiring certificates" })
      .dispatchEvent("click", { button: 0 });
    await page.getByRole("heading", { name: "Expiring certificates", exact: true }).waitFor();
    expect(await page.evaluate("window.tcmIsOfBefore")).toBeUndefined();
    await page.unrouteAll({ behavior: "wait" });

    // Who came before the upgrade has the later steps already.
    const early = page.waitForResponse(/\/assets\/work-parts-/);
    await person.open("/ca-sets/new");
    await early;
    await page.route("**/assets/work-parts-*.js", (route) => route.abort());
    const journey = await JourneyPage.newSet(person, "upgraded-meanwhile");
    await upgrade("**/assets/work-parts-*.js", 100);
    const root = pki.root("Upgraded Root").pem;
    await journey.pasteAndValidate(root);
    await page.getByText("The console was upgraded meanwhile").waitFor(patiently);
    await person.expectAccessible();
    await keepPicture(page, "journey-upgraded");
    const download = page.waitForEvent("download");
    await journey.press("Download the certificates");
    const file = await (await download).createReadStream();
    expect((await Array.fromAsync(file)).join("").trim()).toBe(root.trim());
    await page.unrouteAll({ behavior: "wait" });
    await Promise.all([
      page.waitForEvent("dialog").then((dialog) => dialog.accept()),
      page.waitForEvent("load"),
      journey.press("Reload the page"),
    ]);
    await page.getByLabel("Name of the certificate set").waitFor();
    expect(person.faults.filter((fault) => !fault.includes("dynamically imported module"))).toEqual([]);
  });

  test("rows of a long table stay the same when it is known which of them are seen, and without that all are there", async () => {
    const pems = Array.from({ length: 200 }, (_, i) => pki.root(`Long Table Root ${i}`).pem);
    const caSetId = await instance.createSet("long-table", pems);
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    const script = "**/assets/row-window-*.js";
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await page.route(script, async (route) => held.then(() => route.continue()));
    await person.open(`/ca-sets/${caSetId}/versions/1`);
    const table = page.getByRole("grid", { name: "Certificates", exact: true });
    const copy = table.getByRole("button", { name: /^Copy fingerprint/ }).nth(20);
    await copy.focus();
    await copy.evaluate((button) => button.setAttribute("data-tcm-kept", ""));
    expect(await table.locator("tr[data-index]").count()).toBe(0);
    goOn();
    await table.locator("tr[data-index]").first().waitFor();
    expect(await page.evaluate("document.activeElement.matches('[data-tcm-kept]')")).toBe(true);
    await page.unrouteAll({ behavior: "wait" });

    await page.route(script, (route) => route.abort());
    await page.reload();
    await table.getByText("Long Table Root 199").waitFor(patiently);
    await page.unrouteAll({ behavior: "wait" });
  });
});

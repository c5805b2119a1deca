import { testPki } from "@tcm/testkit";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import { JourneyPage } from "./journey-page.ts";

describeInBrowser("the pages of operators and administrators are used with the keyboard alone", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;
  let person: Person;
  let page: Page;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    const client = pki.root("Keyboard Root");
    await instance.deploy(await instance.createSet("by-keyboard", [client.pem]), 1, ["STAGING"]);
    await instance.request("POST", "/users", {
      name: "carla",
      role: "viewer",
      password: "seven green kettles and a boat",
    });
    await instance.request("POST", "/tokens", { name: "pipeline", role: "viewer" });
    person = await Person.signIn(browser, instance, "admin", { isKept: true });
    page = person.page;
  }, startMs);

  afterAll(() => stopConsole({ instance, browser }));

  test.each([
    ["/edge-nodes/staging-edge", "Remove", "Remove staging-edge?"],
    ["/users", "New user", "New user"],
    ["/credentials", "New credential", "New credential"],
    ["/credentials", "Revoke pipeline", "Revoke pipeline?"],
  ])("on %s the dialog of %s takes the focus, keeps it, and gives it back on Escape", async (path, opener, name) => {
    await person.open(path);
    await walkTo(page, page.getByRole("button", { name: opener, exact: true }));
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name });
    await dialog.waitFor();
    await expectFocusWithin(dialog);
    const stops = await dialog.locator("button, input, select").count();
    for (let presses = 0; presses <= stops; presses++) {
      await page.keyboard.press("Tab");
      await expectFocusWithin(dialog);
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expectFocus(page.getByRole("button", { name: opener, exact: true }));
  });

  test("what is changed of a user is chosen in a menu by arrows, and Escape leaves menu and dialog where they began", async () => {
    await person.open("/users");
    const opener = page.getByRole("button", { name: "Change carla" });
    await walkTo(page, opener);
    await page.keyboard.press("Enter");
    const first = page.getByRole("menuitem", { name: "Change role" });
    await expectFocus(first);
    await page.keyboard.press("Escape");
    await first.waitFor({ state: "detached" });
    await expectFocus(opener);
    await page.keyboard.press("Enter");
    await expectFocus(first);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Give carla a new password" });
    await expectFocusWithin(dialog);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expectFocus(opener);
  });

  test("a name that does not do is not sent: the field has the focus and says what will do", async () => {
    await person.open("/edge-nodes/new/join");
    const name = page.getByLabel("Name of the node");
    await walkTo(page, name);
    await page.keyboard.type("Edge 7");
    await page.keyboard.press("Enter");
    await expectFocus(name);
    const says = name.evaluate((input) => ("validationMessage" in input ? String(input.validationMessage) : ""));
    expect(await says).toContain("Small letters");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("edge-7");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "A join token for edge-7 of staging" }).waitFor();
  });

  test("what goes away with the focus gives it to what stands in its place, and a button that works keeps it", async () => {
    const journey = await JourneyPage.newSet(person, "focus-stays");
    const issuing = ["One", "Two", "Three"].map((name) => pki.root(`Away ${name}`).intermediate(`Issuing ${name}`).pem);
    const field = page.getByLabel("Certificates in PEM");
    await field.fill(`${issuing.join("")}-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----`);
    await pressWithFocus(page.getByRole("button", { name: "Add pasted certificates" }));
    await expectFocus(field);
    await pressWithFocus(page.getByRole("button", { name: "Go on without it" }));
    await expectFocus(page.getByRole("heading", { name: "Certificates", exact: true }));

    const validate = page.getByRole("button", { name: "Upload and validate chains" });
    await pressWithFocus(validate);
    await page.getByText("3 problems to mend").waitFor();
    await expectFocus(validate);
    await pressWithFocus(page.getByRole("button", { name: "Remove it: pasted text, certificate 2" }));
    await page.getByText("2 problems to mend").waitFor();
    await expectFocus(page.getByRole("button", { name: "Remove it: pasted text, certificate 3" }));
    await pressWithFocus(page.getByRole("button", { name: "Remove pasted text, certificate 3" }));
    await expectFocus(page.getByRole("button", { name: "Remove pasted text, certificate 1" }));
    await pressWithFocus(page.getByRole("button", { name: "Remove pasted text, certificate 1" }));
    await expectFocus(page.getByRole("heading", { name: "Certificates", exact: true }));
    await journey.press("Cancel");
  });

  test("nodes are filtered, and the theme is chosen, from one stop of Tab to the next", async () => {
    await person.open("/edge-nodes");
    await walkTo(page, page.getByRole("textbox", { name: "Filter by name, engine or network" }));
    await page.keyboard.type("staging");
    await page.getByText("1 of 2 nodes").waitFor();
    const menu = page.getByRole("button", { name: /\(admin\)$/ });
    await walkTo(page, menu);
    await page.keyboard.press("Enter");
    await expectFocus(page.getByRole("menuitem", { name: "Light" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate("document.documentElement.className"), { timeout: patienceMs })
      .toContain("dark");
    await expectFocus(menu);
    expect(person.faults).toEqual([]);
  });
});

/** With Tab, as somebody without a mouse does; what has the focus is seen to have it. */
async function walkTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 80; presses++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target.toString()} cannot be reached with the keyboard`);
}

async function pressWithFocus(target: Locator): Promise<void> {
  await target.focus();
  await target.press("Enter");
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}

async function expectFocus(target: Locator): Promise<void> {
  await target.waitFor();
  await expect.poll(() => hasFocus(target), { timeout: patienceMs, message: target.toString() }).toBe(true);
}

async function expectFocusWithin(dialog: Locator): Promise<void> {
  await dialog.waitFor();
  const isWithin = () => dialog.evaluate((element) => element.contains(element.ownerDocument.activeElement));
  await expect.poll(isWithin, { timeout: patienceMs, message: dialog.toString() }).toBe(true);
}

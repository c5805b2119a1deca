import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance } from "../e2e/instance.ts";
import { buildConsole, noBrowserReason, openBrowser, Person, signIn } from "./console-browser.ts";

const reason = noBrowserReason();
if (reason !== undefined) console.warn(`people at the console skipped: ${reason}`);

const password = "seven green kettles and a boat";

describe.skipIf(reason !== undefined)("people, and what programs sign in with", () => {
  let instance: Instance;
  let browser: Browser;
  let admin: Person;
  let page: Page;

  beforeAll(async () => {
    await buildConsole();
    [instance, browser] = await Promise.all([Instance.start(), openBrowser()]);
    admin = await Person.signIn(browser, instance, "admin");
    page = admin.page;
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await instance.remove();
  });

  test("a user is made, given another role and password, signed out and disabled, each with what else it does", async () => {
    await admin.open("/users");
    await page.getByRole("button", { name: "New user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("carla");
    await dialog.getByLabel("First password").fill("short");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Create user" }).click();
    await dialog.getByText("A password has 12 to 256 characters; this one has 5.").waitFor();
    await dialog.getByLabel("First password").fill(password);
    await dialog.getByRole("button", { name: "Create user" }).click();
    await page.getByText("carla was created").waitFor();

    const row = page.getByRole("row", { name: /carla/ });
    await ask("Change role");
    await dialog.getByText("may do more than the new role are revoked for good").waitFor();
    await dialog.getByLabel("Role").selectOption("editor");
    await dialog.getByRole("button", { name: "Change role" }).click();
    await row.getByText("editor").waitFor();

    const hers = await (await browser.newContext()).newPage();
    await hers.goto(instance.url);
    await signIn(hers, "carla", password);
    await hers.getByRole("button", { name: "carla (editor)" }).waitFor();
    await ask("End sessions");
    await dialog.getByRole("button", { name: "End sessions" }).click();
    await dialog.waitFor({ state: "detached" });
    await hers.reload();
    await hers.getByRole("heading", { name: "Sign in" }).waitFor();

    await ask("Give a new password");
    await dialog.getByLabel("New password").fill("eight violet lamps on a stair");
    await dialog.getByRole("button", { name: "Give new password" }).click();
    await dialog.waitFor({ state: "detached" });
    await signIn(hers, "carla", password);
    await hers.getByText("The name or the password is wrong.").waitFor();

    await ask("Disable");
    await dialog.getByText("all tokens and API clients that they made are revoked for good").waitFor();
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Disable" }).click();
    await row.getByText("disabled").waitFor();
    await ask("Enable");
    await dialog.getByRole("button", { name: "Enable" }).click();
    await row.getByText("disabled").waitFor({ state: "detached" });

    async function ask(change: string): Promise<void> {
      await page.getByRole("button", { name: "Change carla" }).click();
      await page.getByRole("menuitem", { name: change }).click();
    }
  }, 180_000);

  test("a token is shown once, says who made it and until when, and is revoked when that is meant", async () => {
    await admin.open("/credentials");
    await page.getByRole("button", { name: "New credential" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("pipeline");
    await dialog.getByLabel("Good for").selectOption({ label: "30 days" });
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("It is shown this once.").waitFor();
    const token = (await dialog.locator("code").textContent()) ?? "";
    expect(token).toMatch(/^tcm_[\w-]{43}$/);
    const asked = await fetch(`${instance.url}/mtls-edge-truststore/v2/session`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await asked.json()).toMatchObject({ kind: "token", role: "viewer" });
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    expect(await page.content()).not.toContain(token);

    const row = page.getByRole("row", { name: /pipeline/ });
    await row.getByText("expires in 29 days").waitFor();
    await row.getByText(/by admin-/).waitFor();
    await row.getByRole("button", { name: "Revoke pipeline" }).click();
    await dialog.getByText("This cannot be taken back").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await row.getByRole("button", { name: "Revoke pipeline" }).click();
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByLabel("Show those that are not in force any more").check();
    await row.getByText("revoked").waitFor();
    const refused = await fetch(`${instance.url}/mtls-edge-truststore/v2/session`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(401);
  }, 120_000);

  test("an API client is handed out as a section of an .edgerc, to copy or to download", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await admin.open("/credentials");
    await page.getByRole("button", { name: "New credential" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("terraform");
    await dialog.getByLabel("API client for Akamai's tools").check();
    await dialog.getByText("API clients work over TLS alone").waitFor();
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("It is shown this once.").waitFor();
    const edgerc = (await dialog.locator("code").textContent()) ?? "";
    expect(edgerc).toMatch(
      /^\[default\]\nclient_secret = .{44}\nhost = .+\naccess_token = akab-.+\nclient_token = akab-/,
    );
    await dialog.getByRole("button", { name: "Copy the secret" }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(edgerc);
    const started = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Download" }).click();
    expect(readFileSync(await (await started).path(), "utf8")).toBe(edgerc);
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await page
      .getByRole("row", { name: /terraform/ })
      .getByText("API client, profile mets")
      .waitFor();
  }, 120_000);

  test("one changes one's own password and theme, and the other sessions end", async () => {
    const created = await instance.request("POST", "/users", { name: "dora", role: "viewer", password });
    expect(created.status).toBe(201);
    const hers = await (await browser.newContext()).newPage();
    await hers.goto(`${instance.url}/settings`);
    await signIn(hers, "dora", password);
    await hers.getByText("viewer: reads everything").waitFor();
    const form = hers.getByRole("main");
    await form.getByLabel("Current password").fill(password);
    await form.getByLabel("New password").fill("nine brown boots in the hall");
    await form.getByRole("button", { name: "Change password" }).click();
    await form.getByText("Changed. Your other sessions have ended.").waitFor();
    await form.getByLabel("Dark").check();
    expect(await hers.evaluate("document.documentElement.className")).toContain("pf-v6-theme-dark");
    expect(await form.getByText("Signing keys").count()).toBe(0);
    expect(admin.faults).toEqual([]);
  }, 120_000);
});

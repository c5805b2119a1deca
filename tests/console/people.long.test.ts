import { readFileSync } from "node:fs";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { type OpensslCertificate, opensslClient, opensslIntermediate, opensslRoot } from "../e2e/openssl-pki.ts";
import { keepPicture, patienceMs, Person, signIn } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

const password = "seven green kettles and a boat";
const patiently = { timeout: patienceMs };

describeInBrowser("people, what programs sign in with, the audit record and the tester", () => {
  const files = createTemporaryDirectory();
  let client: OpensslCertificate;
  let stranger: OpensslCertificate;
  let caSetId: string;
  let instance: Instance;
  let browser: Browser;
  let admin: Person;
  let page: Page;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    const [root, other] = await Promise.all([opensslRoot(files, "partner-root"), opensslRoot(files, "other-root")]);
    const issuing = await opensslIntermediate(files, "partner-issuing", root);
    [client, stranger] = await Promise.all([
      opensslClient(files, "client-1", issuing),
      opensslClient(files, "client-2", other),
    ]);
    caSetId = await instance.createSet("partners-eu", [root.pem, issuing.pem]);
    await instance.deploy(caSetId, 1, ["STAGING"]);
    admin = await Person.signIn(browser, instance, "admin", { isKept: true });
    page = admin.page;
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(patienceMs);
    return context.newPage();
  }

  test("a user is made, given another role and password, signed out and disabled, each with what else it does", async () => {
    await admin.open("/users");
    await page.getByRole("button", { name: "New user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("carla");
    await dialog.getByLabel("First password").fill("short");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Create user" }).click();
    await dialog.getByText("A password has 12 to 256 characters; this one has 5.").waitFor();
    await keepPicture(page, "user-refused");
    await dialog.getByLabel("First password").fill(password);
    await dialog.getByRole("button", { name: "Create user" }).click();
    await page.getByText("carla was created").waitFor();
    await keepPicture(page, "user-created");

    const row = page.getByRole("row", { name: /carla/ });
    await ask("Change role");
    await dialog.getByText("may do more than the new role are revoked for good").waitFor();
    await keepPicture(page, "user-role");
    await dialog.getByLabel("Role").selectOption("editor");
    await dialog.getByRole("button", { name: "Change role" }).click();
    await row.getByText("editor").waitFor();

    const hers = await openPage();
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
    await keepPicture(page, "user-disable");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Disable" }).click();
    await row.getByText("disabled").waitFor();
    await page.getByRole("button", { name: "Change carla" }).click();
    await page.getByRole("menuitem", { name: "Enable" }).waitFor();
    await keepPicture(page, "user-menu");
    await page.keyboard.press("Escape");
    await ask("Enable");
    await dialog.getByRole("button", { name: "Enable" }).click();
    await row.getByText("disabled").waitFor({ state: "detached" });

    async function ask(change: string): Promise<void> {
      await page.getByRole("button", { name: "Change carla" }).click();
      await page.getByRole("menuitem", { name: change }).click();
    }
  });

  test("a token is shown once, says who made it and until when, and is revoked when that is meant", async () => {
    await admin.open("/credentials");
    await page.getByRole("button", { name: "New credential" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("pipeline");
    await dialog.getByLabel("Good for").selectOption({ label: "30 days" });
    await keepPicture(page, "credential-new");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("It is shown this once.").waitFor();
    await keepPicture(page, "token-once");
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
    await keepPicture(page, "credentials-some");
    await row.getByText(/by admin-/).waitFor();
    await row.getByRole("button", { name: "Revoke pipeline" }).click();
    await dialog.getByText("This cannot be taken back").waitFor();
    await keepPicture(page, "credential-revoke");
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
  });

  test("where no program signs in yet, the page says what for", async () => {
    await page.route("**/v2/tokens", (route) => route.fulfill({ json: { tokens: [] } }));
    await admin.open("/credentials");
    await page.getByRole("heading", { name: "There is no credential yet" }).waitFor();
    await keepPicture(page, "credentials-none");
    await admin.expectAccessible();
    await page.unrouteAll({ behavior: "wait" });
  });

  test("of a stolen token also what the thief made with it is ended, at once or when that is found out later", async () => {
    const stolen = await made("/tokens", { name: "stolen", role: "admin" });
    const hidden = await made("/tokens", { name: "hidden", role: "admin" }, stolen);
    await made("/users", { name: "mallory", role: "admin", password }, hidden);
    await admin.open("/credentials");
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Revoke stolen" }).click();
    expect(await dialog.getByRole("listitem").allTextContents()).toEqual(["token hidden", "user mallory"]);
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("row", { name: /stolen/ }).waitFor({ state: "detached" });
    expect(await statusOf(hidden)).toBe(200);

    await page.getByLabel("Show those that are not in force any more").check();
    await page.getByRole("button", { name: "Revoke what stolen made" }).click();
    await dialog.getByText("It is revoked already; what was made with it is not.").waitFor();
    await keepPicture(page, "credential-left");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByRole("button", { name: "Revoke what stolen made" }).waitFor({ state: "detached" });
    expect(await statusOf(hidden)).toBe(401);
    const { body } = await instance.request("GET", "/users");
    expect(body).toMatchObject({
      users: expect.arrayContaining([expect.objectContaining({ name: "mallory", disabled: true })]),
    });

    const second = await made("/tokens", { name: "second", role: "admin" });
    const third = await made("/tokens", { name: "third", role: "admin" }, second);
    await admin.open("/credentials");
    await page.getByRole("button", { name: "Revoke second" }).click();
    await dialog.getByLabel("It was stolen: end also what was made with it").check();
    await keepPicture(page, "credential-stolen");
    await admin.expectAccessible();
    await dialog.getByRole("button", { name: "Revoke all of it" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await statusOf(third)).toBe(401);

    async function made(path: string, wish: unknown, by?: string): Promise<string> {
      const answer = await instance.request("POST", path, wish, by);
      expect(answer.status).toBe(201);
      return (answer.body as { readonly token?: string }).token ?? "";
    }

    async function statusOf(token: string): Promise<number> {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${instance.url}/mtls-edge-truststore/v2/session`, { headers })).status;
    }
  });

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
    await keepPicture(page, "edgerc");
    const edgerc = (await dialog.locator("code").textContent()) ?? "";
    expect(edgerc).toMatch(
      /^\[default\]\nclient_secret = .{44}\nhost = .+\naccess_token = akab-.+\nclient_token = akab-/,
    );
    await dialog.getByRole("button", { name: "Copy the secret" }).click();
    await expect.poll(() => page.evaluate("navigator.clipboard.readText()"), patiently).toBe(edgerc);
    const started = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Download" }).click();
    expect(readFileSync(await (await started).path(), "utf8")).toBe(edgerc);
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await page
      .getByRole("row", { name: /terraform/ })
      .getByText("API client, profile mets")
      .waitFor();
  });

  test("one changes one's own password and theme, and the other sessions end", async () => {
    const created = await instance.request("POST", "/users", { name: "dora", role: "viewer", password });
    expect(created.status).toBe(201);
    const hers = await openPage();
    await hers.goto(`${instance.url}/settings`);
    await signIn(hers, "dora", password);
    await hers.getByText("viewer: reads everything").waitFor();
    const form = hers.getByRole("main");
    await form.getByLabel("Current password").fill("not the one of hers");
    await form.getByLabel("New password").fill("nine brown boots in the hall");
    await form.getByRole("button", { name: "Change password" }).click();
    await form.getByText("The current password is wrong").waitFor();
    await keepPicture(hers, "password-wrong");
    await form.getByLabel("Current password").fill(password);
    await form.getByLabel("New password").fill("nine brown boots in the hall");
    await form.getByRole("button", { name: "Change password" }).click();
    await form.getByText("Changed. Your other sessions have ended.").waitFor();
    await keepPicture(hers, "password-changed");
    await form.getByLabel("Dark").check();
    const look = () => hers.evaluate("document.documentElement.className");
    await expect.poll(look, patiently).toContain("pf-v6-theme-dark");
    expect(await form.getByText("Signing keys").count()).toBe(0);
    await form.getByRole("link", { name: "Third-party licences" }).click();
    await hers.waitForURL(/\/third-party\.txt$/);
    const licences = (await hers.locator("body").textContent()) ?? "";
    for (const name of ["react", "react-dom", "@patternfly/react-core", "@tanstack/react-router", "zod"])
      expect(licences).toMatch(new RegExp(`^${name} \\d[\\d.]* \\(MIT\\)$`, "m"));
    expect(licences).not.toContain("@tcm/");
    expect(admin.faults).toEqual([]);
  });

  test("the audit record is told in words, narrowed by a link, and leads to what it concerns", async () => {
    await admin.open("/audit?action=ACTIVATE_CA_SET_VERSION");
    const row = page.getByRole("row", { name: /began to deploy partners-eu version 1 on Staging/ });
    await row.waitFor();
    await page.getByText("1 record", { exact: true }).waitFor();
    await keepPicture(page, "audit-filtered");
    await admin.expectAccessible();
    await row.getByText("Details").click();
    await row.getByText(/SHA-256 [0-9a-f]{64}/).waitFor();
    await page.getByLabel("Who").fill("nobody-here");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("No record is like that.").waitFor();
    await keepPicture(page, "audit-none");
    expect(new URL(page.url()).searchParams.get("by")).toBe("nobody-here");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("What").selectOption({ label: "created the set" });
    await page.getByText("1 record", { exact: true }).waitFor();
    await page.getByRole("link", { name: "partners-eu", exact: true }).click();
    await page.getByRole("heading", { name: "partners-eu" }).waitFor();
  });

  test("five thousand records are shown, of which the page holds those that are seen", async () => {
    const records = Array.from({ length: 5_000 }, (_, i) => ({
      number: 5_000 - i,
      date: "2026-11-24T12:00:00.000Z",
      by: `person-${i % 7}`,
      action: "SIGN_IN",
      subject: { userId: i },
      outcome: "done",
      requestId: null,
      hash: "0".repeat(64),
    }));
    await page.route("**/v2/audit?*", (route) => route.fulfill({ json: { records, nextBefore: null } }));
    await admin.open("/audit");
    await page.getByText("5,000 records").waitFor();
    await page.getByRole("link", { name: "user 0", exact: true }).waitFor();
    await keepPicture(page, "audit-5000");
    expect(await page.getByRole("row").count()).toBeLessThan(200);
    await admin.expectAccessible();
    await page.unrouteAll({ behavior: "wait" });
  });

  test("a client is tried on what runs on a network, and every path that was tried is a picture with its reason", async () => {
    await admin.open(`/try?caSetId=${caSetId}&network=STAGING`);
    await page.getByLabel("Client certificate in PEM").fill(client.pem);
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("Accepted: an edge lets this client in").waitFor();
    await page.getByText("By partners-eu version 1, which runs on Staging.").waitFor();
    await keepPicture(page, "try-accepted");
    const path = page.getByRole("list", { name: "Certification path" });
    expect(await path.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/^client\nclient-1/),
      expect.stringMatching(/^trust anchor\npartner-issuing/),
    ]);
    await admin.expectAccessible();

    await page.getByLabel("Files with the client's certificate").setInputFiles(stranger.certificateFile);
    await page.getByLabel("Decided by").selectOption({ label: "Version 1" });
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("Refused: an edge turns this client away").waitFor();
    await page.getByText("client: the path ends here").waitFor();
    await keepPicture(page, "try-refused");
    await page
      .getByText(/RFC 5280 §/)
      .first()
      .waitFor();
    await admin.expectAccessible();
  });

  test("a private key is refused before it is sent, pasted or in a file", async () => {
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    await admin.open("/try");
    const key = readFileSync(client.keyFile, "utf8");
    await page.getByLabel("Client certificate in PEM").fill(`${client.pem}\n${key}`);
    await page.getByText("this is a private key").waitFor();
    expect(await page.getByLabel("Client certificate in PEM").inputValue()).toBe("");
    await keepPicture(page, "try-key");
    await page.getByLabel("Client certificate in PEM").fill(client.pem);
    await page.getByText("this is a private key").waitFor({ state: "detached" });
    await page.getByLabel("Files with the client's certificate").setInputFiles(client.keyFile);
    await page.getByText("this is a private key").waitFor();
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("this is a private key").waitFor();
    const secret = key.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(40);
    expect(await page.content()).not.toContain(secret);
    expect(sent.join("")).not.toContain(secret);
    expect(admin.faults).toEqual([]);
  });
});

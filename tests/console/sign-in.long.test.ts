import { parseOidcRoles } from "@tcm/api-contract";
import { fixedClock } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consoleDirectory } from "@tcm/console";
import { fileURLToPath } from "node:url";
import { ControlPlaneHarness } from "../../apps/control-plane/src/testing/control-plane-harness.ts";
import { IdentityProvider, providerClient } from "../../apps/control-plane/src/testing/identity-provider.ts";
import {
  buildConsole,
  expectAccessible,
  faultsOf,
  keepPicture,
  openBrowser,
  patienceMs,
  signIn,
} from "./console-browser.ts";
import { describeInBrowser, startMs } from "./console-under-test.ts";

const password = "seven quiet horses count the stars";
const minute = 60_000;

/** With the control plane in this process: its clock is in the hand of the test. */
describeInBrowser("signing in at the console", () => {
  let browser: Browser;
  let provider: IdentityProvider;
  let plane: ControlPlaneHarness;

  beforeAll(async () => {
    await buildConsole();
    provider = await IdentityProvider.listen();
    const roles = parseOidcRoles("tcm-editors=editor") ?? new Map();
    const oidc = { ...providerClient, issuer: provider.issuer, roleClaim: "groups", roles };
    [browser, plane] = await Promise.all([openBrowser(), start({ oidc })]);
    provider.serve(`${plane.controlPlane.url}/mtls-edge-truststore/v2/session/oidc/callback`);
  }, startMs);

  afterAll(async () => {
    await browser.close();
    await plane.remove();
    await provider.close();
  });

  function start(listen: object = {}): Promise<ControlPlaneHarness> {
    return ControlPlaneHarness.start({
      clock: fixedClock(new Date().toISOString()),
      heartbeatIntervalMs: 500,
      listen: { consoleDirectory: fileURLToPath(consoleDirectory), ...listen },
    });
  }

  /** In a browser that has been nowhere before. */
  async function open(address: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  async function createUser(name: string, role: string): Promise<number> {
    const { status, body } = await plane.ask("POST", "/users", { body: { name, role, password } });
    expect(status).toBe(201);
    return (body as { userId: number }).userId;
  }

  test("the one-time link makes the first administrator, and says what to do when it is followed again", async () => {
    const fresh = await start();
    const link = fresh.controlPlane.signInLink ?? "";
    const page = await open(link);
    const faults = faultsOf(page);
    await page.getByRole("heading", { name: "Become the first administrator" }).waitFor();
    await page.getByText("Take 12 to 256 characters").waitFor();
    await expectAccessible(page);
    expect(await page.getByLabel("New password").getAttribute("autocomplete")).toBe("new-password");
    await page.getByLabel("Your name").fill("ann");
    await page.getByLabel("New password").fill("too short");
    await page.getByRole("button", { name: "Create the account" }).click();
    await page.getByText("A password has 12 to 256 characters; this one has 9.").waitFor();
    await page.getByRole("link", { name: "password-not-acceptable" }).waitFor();
    await keepPicture(page, "first-admin");
    await expectAccessible(page);
    await page.getByLabel("New password").fill(password);
    await page.getByRole("button", { name: "Create the account" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    expect(new URL(page.url()).hash).toBe("");

    const second = await open(link);
    await second.getByText("This link has been used").waitFor();
    await keepPicture(second, "link-used");
    await expectAccessible(second);
    await second.getByRole("button", { name: "Go to the sign-in" }).click();
    await signIn(second, "ann", "another password altogether");
    await second.getByText("The name or the password is wrong.").waitFor();
    await keepPicture(second, "sign-in-wrong");
    expect(await second.getByRole("link", { name: /identity provider/ }).count()).toBe(0);
    await expectAccessible(second);
    await second.getByRole("button", { name: "Show what was typed" }).click();
    expect(await second.getByLabel("Password").getAttribute("type")).toBe("text");
    await signIn(second, "ann", password);
    await second.getByRole("heading", { name: "Overview" }).waitFor();
    expect(faults).toEqual([]);
    await fresh.remove();
  });

  test("a one-time link that is too old says how to get another", async () => {
    const fresh = await start();
    const page = await open(fresh.controlPlane.signInLink ?? "");
    await page.getByLabel("Your name").fill("ann");
    await page.getByLabel("New password").fill(password);
    fresh.clock.advance(15 * minute);
    await page.getByRole("button", { name: "Create the account" }).click();
    await page.getByText("This link is not valid any more").waitFor();
    await page.getByText("it prints a new link").waitFor();
    await keepPicture(page, "link-too-old");
    await expectAccessible(page);
    await fresh.remove();
  });

  test("who was refused too often is told how long to wait", async () => {
    await createUser("forgetful", "viewer");
    for (let i = 0; i < 10; i++) {
      const body = { name: "forgetful", password: `guess number ${i}` };
      const headers = { origin: plane.controlPlane.url, "x-tcm-request": "1" };
      expect((await plane.ask("POST", "/session", { token: null, body, headers })).status).toBe(401);
    }
    const page = await open(plane.controlPlane.url);
    await signIn(page, "forgetful", password);
    await page.getByText(/Try again in \d+ minutes, after /).waitFor();
    await page.getByRole("link", { name: "sign-in-limit-reached" }).waitFor();
    await keepPicture(page, "sign-in-limit");
    await expectAccessible(page);
  });

  test("the identity provider leads back to the page that was asked for", async () => {
    provider.account = { sub: "eve-1", preferred_username: "eve@tcm.example", groups: ["tcm-editors"] };
    const page = await open(`${plane.controlPlane.url}/edge-nodes?from=a-link`);
    await page.getByRole("link", { name: "Sign in with your identity provider" }).waitFor();
    await keepPicture(page, "sign-in");
    await page.getByRole("link", { name: "Sign in with your identity provider" }).click();
    await page.getByRole("heading", { name: "Edge nodes" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/edge-nodes");
    await page.getByRole("button", { name: "eve@tcm.example (editor)" }).waitFor();
  });

  test("whom the identity provider knows and who has no role here is told so where they sign in", async () => {
    provider.account = { sub: "mallory-1", preferred_username: "mallory" };
    const page = await open(`${plane.controlPlane.url}/edge-nodes`);
    await page.getByRole("link", { name: "Sign in with your identity provider" }).click();
    await page.getByText("You are not let in").waitFor();
    await page.getByText("none of your groups has a role here").waitFor();
    await keepPicture(page, "sign-in-no-role");
    await expectAccessible(page);
    await createUser("with-a-password", "viewer");
    await signIn(page, "with-a-password", password);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  test("signing out leaves nothing behind", async () => {
    await createUser("leaving", "viewer");
    const page = await open(`${plane.controlPlane.url}/edge-nodes`);
    await signIn(page, "leaving", password);
    await page.getByRole("heading", { name: "Edge nodes" }).waitFor();
    await page.getByRole("button", { name: "leaving (viewer)" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
    expect(await page.content()).not.toContain("leaving (viewer)");
  });

  test("a session that was ended elsewhere is noticed, and what was typed is there after signing in again", async () => {
    const userId = await createUser("interrupted", "editor");
    const page = await open(`${plane.controlPlane.url}/ca-sets/new`);
    const faults = faultsOf(page);
    await signIn(page, "interrupted", password);
    await page.getByLabel("Name of the certificate set").fill("half-typed");
    await page.getByText("Live", { exact: true }).waitFor();
    // Whatever changes about a user, their sessions end.
    expect((await plane.ask("PATCH", `/users/${userId}`, { body: { disabled: false } })).status).toBe(200);
    await page.getByRole("heading", { name: "Sign in again" }).waitFor();
    await page.getByText("What you have typed is still here").waitFor();
    await keepPicture(page, "sign-in-again");
    await expectAccessible(page);
    expect(await page.title()).toBe("Sign in · Trust Chain Manager");
    await page.getByRole("main").getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("Name of the certificate set").waitFor();
    expect(await page.getByLabel("Name of the certificate set").inputValue()).toBe("half-typed");
    expect(await page.title()).not.toContain("Sign in");
    await page.getByText("Live", { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  test("somebody else who signs in where a session ended finds nothing of the other person", async () => {
    const userId = await createUser("gone", "editor");
    await createUser("next", "viewer");
    const page = await open(`${plane.controlPlane.url}/ca-sets/new`);
    await signIn(page, "gone", password);
    await page.getByLabel("Name of the certificate set").fill("not-for-others");
    expect((await plane.ask("PATCH", `/users/${userId}`, { body: { disabled: true } })).status).toBe(200);
    await page.getByRole("heading", { name: "Sign in again" }).waitFor();
    await signIn(page, "next", password);
    await page.getByRole("button", { name: "next (viewer)" }).waitFor();
    const typed = await page
      .locator("input")
      .evaluateAll((inputs) => inputs.map((input) => input.getAttribute("value")));
    expect(typed).not.toContain("not-for-others");
    expect(await page.content()).not.toContain("not-for-others");
  });
});

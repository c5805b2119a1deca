import { readFileSync } from "node:fs";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { type OpensslCertificate, opensslClient, opensslRoot } from "../e2e/openssl-pki.ts";
import { mustRun } from "../e2e/run-command.ts";
import { expectWithinWindow, keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import type { PictureName } from "./picture-names.ts";

describeInBrowser("the pages of the console", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let client: OpensslCertificate;
  let caSetId: string;
  let pages: readonly (readonly [name: PictureName, path: string])[];

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    const [root, other] = await Promise.all([opensslRoot(files, "partner-root"), opensslRoot(files, "device-root")]);
    client = await opensslClient(files, "client-1", root);
    caSetId = await instance.createSet("partners-eu", [root.pem]);
    await instance.createVersion(caSetId, [root.pem, other.pem]);
    await instance.tcm("deploy", "partners-eu@1", "--network", "both", "--wait");
    await instance.tcm("deploy", "partners-eu@2", "--network", "staging", "--wait");
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/activations`);
    const [newest] = (body as { activations: { activationId: number; version: number }[] }).activations;
    const set = `/ca-sets/${caSetId}`;
    pages = [
      ["overview", "/"],
      ["certificate-sets", "/ca-sets"],
      ["new-set", "/ca-sets/new"],
      ["set", set],
      ["set-deployments", `${set}?tab=deployments`],
      ["set-handshakes", `${set}?tab=handshakes`],
      ["set-associations", `${set}?tab=associations`],
      ["set-history", `${set}?tab=history`],
      ["version-staging", `${set}/versions/2`],
      ["new-version", `${set}/new-version`],
      ["deploy", `${set}/versions/2/deploy?networks=PRODUCTION`],
      ["deployment", `${set}/versions/${newest?.version}/deployments/${newest?.activationId}`],
      ["expiring", "/expiring"],
      ["edge-certificates", "/edge-certificates"],
      ["edge-nodes", "/edge-nodes"],
      ["edge-node", "/edge-nodes/staging-edge"],
      ["add-edge-node", "/edge-nodes/new/join"],
      ["try", "/try"],
      ["users", "/users"],
      ["credentials", "/credentials"],
      ["audit", "/audit"],
      ["settings", "/settings"],
      ["not-there", "/nothing/here"],
    ];
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
  ] as const)("are without a violation, %s and %i pixels wide, and nothing goes over the edge", async (colorScheme, width) => {
    const person = await Person.signIn(browser, instance, "admin", { colorScheme, viewport: { width, height: 900 } });
    for (const [name, path] of pages) {
      await person.open(path);
      await person.page.getByRole("heading", { level: 1 }).waitFor();
      await person.page.getByRole("progressbar", { name: "The page is being read" }).waitFor({ state: "detached" });
      await person.expectAccessible();
      await expectWithinWindow(person.page, name);
      if (colorScheme === "light" && width === 1280) await keepPicture(person.page, name);
    }
    expect(person.faults).toEqual([]);
  });

  test("offer a viewer nothing that a viewer may not do", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    expect(await page.getByRole("navigation", { name: "Sections" }).getByRole("link").allTextContents()).toEqual([
      "Overview",
      "Certificate sets",
      "Expiring certificates",
      "Edge certificates",
      "Edge nodes",
      "Try a client certificate",
      "Settings",
    ]);
    for (const path of [
      `/ca-sets/${caSetId}`,
      `/ca-sets/${caSetId}/versions/2`,
      "/ca-sets",
      "/edge-certificates",
      "/edge-nodes/staging-edge",
    ]) {
      await person.open(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const names = await page.getByRole("main").getByRole("button").allTextContents();
      expect(names.join(), path).not.toMatch(
        /\b(?:deploy|delete|rename|new version|create|associate|drain|roll back|unbind)\b/i,
      );
    }
  });

  test("bind hostnames to a set, and ask before they are opened", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open("/edge-certificates");
    await page.getByRole("button", { name: "Associate an edge certificate" }).click();
    await page.getByLabel("Hostnames").fill("api.partners.example");
    await person.expectAccessible();
    await page.getByRole("button", { name: "Associate", exact: true }).click();
    const row = page.getByRole("row", { name: /api\.partners\.example/ });
    await row.getByText("are refused").waitFor();
    await page.getByRole("button", { name: "Unbind api.partners.example" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("This opens what is guarded now").waitFor();
    expect(await dialog.textContent()).not.toMatch(/confirm=|query/);
    await person.expectAccessible();
    await page.getByRole("button", { name: "Keep it guarded" }).click();
    await row.waitFor();
    await page.getByRole("button", { name: "Unbind api.partners.example" }).click();
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("No edge certificate is associated with a set").waitFor();
  });

  test("say on what is deployed how to try it, with a command that the edge answers", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}`);
    await page.getByText("Try it on staging", { exact: true }).click();
    const shown = page.getByRole("textbox", { name: "Try it on staging" });
    await shown.waitFor();
    await person.expectAccessible();
    const own: Readonly<Record<string, string>> = {
      "edge-ca.pem": instance.serverCaFile,
      "client.pem": client.certificateFile,
      "client.key": client.keyFile,
    };
    const [command = "", ...words] = (await shown.inputValue()).split(" ");
    const quietly = ["--silent", "--show-error", "--fail-with-body"];
    await mustRun(command, [...quietly, ...words.map((word) => own[word] ?? word)]);
    await page.getByRole("link", { name: "Associate an edge certificate" }).first().waitFor();
    await page.getByRole("link", { name: "Try a client certificate" }).nth(1).click();
    await expect.poll(() => page.getByLabel("Decided by").inputValue(), { timeout: patienceMs }).toBe("STAGING");
    expect(person.faults).toEqual([]);
  });

  test("try a client certificate, and take no key", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open("/try");
    await page.getByLabel("Client certificate in PEM").fill(client.pem);
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("Accepted: an edge lets this client in").waitFor();
    await page.getByRole("list", { name: "Certification path" }).getByText("trust anchor").waitFor();
    await person.expectAccessible();
    await page.getByLabel("Client certificate in PEM").fill(readFileSync(client.keyFile, "utf8"));
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("this is a private key").waitFor();
    expect(await page.getByLabel("Client certificate in PEM").inputValue()).toBe("");
  });

  test("when the session ends in the middle, the password is asked for and the page comes back", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}?tab=history`);
    await page.getByRole("heading", { name: "partners-eu" }).waitFor();
    await page.getByRole("tab", { name: "Deployments" }).click();
    await page.waitForURL((url) => url.search === "?tab=deployments");
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await person.signInAgain();
    await page.getByRole("heading", { name: "partners-eu" }).waitFor();
    expect(new URL(page.url()).search).toBe("?tab=deployments");
  });
});

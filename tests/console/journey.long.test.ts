import { readFileSync } from "node:fs";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance } from "../e2e/instance.ts";
import { askWithCurl } from "../e2e/openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslIntermediate, opensslRoot } from "../e2e/openssl-pki.ts";
import { buildConsole, noBrowserReason, openBrowser, Person } from "./console-browser.ts";

const reason = noBrowserReason();
if (reason !== undefined) console.warn(`console journey skipped: ${reason}`);

/** The journey of the specification in a browser; it ends at the edge that was configured by it. */
describe.skipIf(reason !== undefined)("create and deploy a certificate set in the browser", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let root: OpensslCertificate;
  let issuing: OpensslCertificate;
  let client: OpensslCertificate;
  let stranger: OpensslCertificate;

  beforeAll(async () => {
    await buildConsole();
    [instance, browser, root] = await Promise.all([
      Instance.start(),
      openBrowser(),
      opensslRoot(files, "partner-root"),
    ]);
    issuing = await opensslIntermediate(files, "partner-issuing", root);
    client = await opensslClient(files, "client-1", issuing);
    stranger = await opensslClient(files, "client-2", await opensslRoot(files, "other-root"));
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await instance.remove();
    removeDirectory(files);
  });

  test("from the landing page to a client that is let in", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.expectAccessible();
    await page.getByRole("button", { name: "Manage Certificate Sets" }).click();
    await page.getByRole("button", { name: "Create new set" }).click();
    await person.expectAccessible();

    await page.getByLabel("Name of the certificate set").fill("pa");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("A name has 3 to 64 of").waitFor();
    await person.expectAccessible();
    await page.getByLabel("Name of the certificate set").fill("partners-eu");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("partners-eu — version 1 (draft)").waitFor();
    expect(await page.getByLabel("Require Root Certificate").isChecked()).toBe(true);

    await page.getByLabel("Certificates in PEM").fill(issuing.pem);
    await page.getByRole("button", { name: "Add pasted certificates" }).click();
    await page.getByRole("button", { name: "Upload and validate chains" }).click();
    await page.getByText("issuer-not-in-set").waitFor();
    await person.expectAccessible();

    await page.getByRole("tab", { name: "Upload" }).click();
    await page.locator('input[type="file"]').setInputFiles([root.certificateFile]);
    await page.getByRole("button", { name: "Upload and validate chains" }).click();
    await page.getByText("Valid: 2 certificates").waitFor();
    await page.getByRole("tree", { name: "Structure of partners-eu" }).getByText("partner-issuing").waitFor();
    await person.expectAccessible();

    await page.getByRole("button", { name: "Next: where to deploy" }).click();
    await page.getByLabel("Production").check();
    await page.getByText("Staging goes first").waitFor();
    await person.expectAccessible();
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByText("Staging: version 1 is deployed").waitFor();
    await page.getByText("Production: version 1 is deployed").waitFor({ timeout: 60_000 });
    await person.expectAccessible();

    const { body } = await instance.request("GET", "/ca-sets?caSetNamePrefix=partners-eu");
    const caSetId = (body as { caSets: { caSetId: string }[] }).caSets[0]?.caSetId ?? "";
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    for (const network of ["STAGING", "PRODUCTION"] as const) {
      expect((await askWithCurl({ instance, network, hostname, client })).status).toBe(200);
      expect((await askWithCurl({ instance, network, hostname, client: stranger })).status).toBe(403);
    }
    if (process.env["TCM_SCREENSHOTS"])
      await page.screenshot({ path: `${process.env["TCM_SCREENSHOTS"]}/deployed.png` });
    expect(person.faults).toEqual([]);
  }, 120_000);

  test("a private key is not kept, not shown and not sent", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    await person.open("/ca-sets/new");
    await page.getByLabel("Name of the certificate set").fill("with-a-key");
    await page.getByRole("button", { name: "Next" }).click();
    const key = readFileSync(client.keyFile, "utf8");
    const secret = key.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(40);
    await page.getByLabel("Certificates in PEM").fill(`${root.pem}\n${key}`);
    await page.getByRole("button", { name: "Add pasted certificates" }).click();
    await page.getByText("this is a private key").waitFor();
    await person.expectAccessible();
    expect(await page.content()).not.toContain(secret);
    expect(await page.getByLabel("Certificates in PEM").inputValue()).toBe("");
    expect(sent.join("")).not.toContain(secret);
  }, 60_000);

  test("unsaved work is not lost without asking", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await person.open("/ca-sets/new");
    await page.getByLabel("Name of the certificate set").fill("never-saved");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByText("Leaving discards it").waitFor();
    await person.expectAccessible();
    await page.getByRole("button", { name: "Stay" }).click();
    await page.getByText("never-saved — version 1 (draft)").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Leave and lose it" }).click();
    await page.getByRole("heading", { name: "Certificate sets", exact: true }).waitFor();
    const { body } = await instance.request("GET", "/ca-sets?caSetNamePrefix=never-saved");
    expect(body).toEqual({ caSets: [] });
  }, 60_000);
});

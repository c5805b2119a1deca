import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance, NetworkName } from "../e2e/instance.ts";
import { keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

/** With a deadline that is waited for: what does not depend on its end may end by it on a slow machine, and is in force all the same. */
describeInBrowser("what operators meet seldom", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole({ TCM_DEPLOYMENT_DEADLINE: "5" }));
  }, startMs);

  afterAll(() => stopConsole({ instance, browser }));

  async function putInForce(caSetId: string, network: NetworkName): Promise<void> {
    await instance.ended(await instance.activate(caSetId, 1, network), patienceMs);
  }

  test("a node that never answers lets a deployment end at its deadline, is shown as behind, and follows when it is back", async () => {
    const caSetId = await instance.createSet("late", [pki.root("Late Root").pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const { production } = instance.processIds();
    process.kill(production, "SIGSTOP");
    try {
      await person.open(`/ca-sets/${caSetId}/versions/1/deploy?networks=PRODUCTION`);
      await page.getByRole("button", { name: "Deploy", exact: true }).click();
      await page.getByRole("heading", { name: "Production: failed" }).waitFor();
      await page.getByText("Not proved before the deadline on production-edge").first().waitFor();
      await page.getByText(/stays in force/).waitFor();
      await keepPicture(page, "deployment-deadline");
      await person.expectAccessible();
      await person.open("/");
      const lines = page.getByRole("list", { name: "Needs attention" }).getByRole("listitem");
      await lines.filter({ hasText: "late version 1 on production failed" }).waitFor();
      await person.open("/edge-nodes/production-edge");
      const entry = page.getByRole("grid", { name: "Entries of this node" }).getByRole("row", { name: /^late/ });
      await entry.getByText(/behind/).waitFor();
      await keepPicture(page, "node-behind");
      await person.expectAccessible();
    } finally {
      process.kill(production, "SIGCONT");
    }
    // The page follows by itself what the node does.
    await page.getByText("It has proved that it serves what it should.").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("hostnames are bound, changed and unbound, each after it is said what that does", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open("/edge-certificates");
    await page.getByText("No edge certificate is associated with a set").waitFor();
    await keepPicture(page, "edge-certificates-none");
    const caSetId = await instance.createSet("partners-eu", [pki.root("Partner Root").pem]);
    for (const network of ["STAGING", "PRODUCTION"] as const) await putInForce(caSetId, network);
    const clientAuthentication = { caSetId, mode: "deny", sendCaListToClient: false };
    const hostnames = ["api.partners.example", "*.devices.a-long-name-of-a-department.partners.example"];
    const bound = await instance.request("POST", "/edge-certificates", { hostnames, clientAuthentication });
    expect(bound.status, JSON.stringify(bound.body)).toBeLessThan(300);
    await person.open("/edge-certificates");
    await page.getByRole("button", { name: "Associate an edge certificate" }).click();
    await page.getByLabel("Hostnames").fill("www.partners.example");
    await keepPicture(page, "edge-certificate-new");
    await person.expectAccessible();
    await person.open("/edge-certificates");
    await page.getByRole("button", { name: /^Change/ }).click();
    await page.getByLabel("Hostnames").waitFor();
    await keepPicture(page, "edge-certificate-change");
    await person.open("/edge-certificates");
    await page.getByRole("button", { name: /^Unbind/ }).click();
    await page.getByRole("dialog").getByText("This opens what is guarded now").waitFor();
    await keepPicture(page, "edge-certificate-unbind");
    expect(person.faults).toEqual([]);
  });

  test("what cannot be read or named is told where it is handed in", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open("/try");
    await page
      .getByLabel("Client certificate in PEM")
      .fill("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("The client's chain cannot be read").waitFor();
    await keepPicture(page, "try-bad");
    await person.expectAccessible();
    await person.open("/edge-nodes/new/join");
    await page.getByLabel("Name of the node").fill("Edge 7");
    await page.locator("input:invalid").waitFor();
    await keepPicture(page, "add-edge-node-refused");
    await person.expectAccessible();
    await page.getByRole("button", { name: /\(deployer\)$/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await keepPicture(page, "theme-menu");
    await person.expectAccessible();
    expect(person.faults).toEqual([]);
  });

  test("where no node is left, the list says what deployments are then", async () => {
    for (const name of ["staging-edge", "production-edge"])
      expect((await instance.request("DELETE", `/edge-nodes/${name}`)).status).toBe(204);
    const person = await Person.signIn(browser, instance, "viewer");
    await person.open("/edge-nodes");
    await person.page.getByRole("heading", { name: "No edge node is enrolled" }).waitFor();
    await keepPicture(person.page, "nodes-none");
    await person.expectAccessible();
    expect(person.faults).toEqual([]);
  });
});

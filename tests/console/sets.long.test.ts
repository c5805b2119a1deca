import type { HandshakeSummary } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

const patiently = { timeout: patienceMs };
describeInBrowser("the pages of a set", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
  });

  test("a hundred versions are sorted and filtered; one is described, and one is deleted", async () => {
    const caSetId = await instance.createSet("many-versions", [pki.root("First Root").pem]);
    for (let i = 2; i <= 100; i++) await instance.createVersion(caSetId, [pki.root(`Root ${i}`).pem]);
    await instance.deploy(caSetId, 1, ["STAGING"]);
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}`);
    const versions = page.getByRole("grid", { name: "Versions" });
    await versions.getByRole("row").nth(1).getByRole("link", { name: "version 100", exact: true }).waitFor();
    await versions.getByRole("button", { name: "Runs on" }).click();
    await versions.getByRole("button", { name: "Runs on" }).click();
    await versions.getByRole("row").nth(1).getByText("Staging").waitFor();
    await keepPicture(page, "versions-hundred");
    await versions.getByRole("link", { name: "version 42", exact: true }).click();
    await page.getByRole("button", { name: "Describe" }).click();
    await page.getByLabel("What it is for").fill("the answer");
    await person.expectAccessible();
    await keepPicture(page, "describe-version");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("main").getByText("the answer").waitFor();
    await page.getByRole("main").getByRole("link", { name: "many-versions" }).click();
    await page.getByLabel("Filter by number, purpose or maker").fill("answer");
    await page.getByText("1 of 100 versions").waitFor();
    await page.getByRole("button", { name: "Delete version 42" }).click();
    await page.getByRole("dialog").getByText("No network serves it").waitFor();
    await keepPicture(page, "delete-version");
    await page.getByRole("button", { name: "Delete the version" }).click();
    await page.getByText("0 of 99 versions").waitFor();
    await keepPicture(page, "versions-no-match");
    await page.getByLabel("Filter by number, purpose or maker").fill("v1");
    expect(await page.getByRole("button", { name: "Delete version 1", exact: true }).count()).toBe(0);
    await page.getByRole("link", { name: "Clone to edit version 1", exact: true }).click();
    await page.waitForURL(/new-version\?from=1$/);
    expect(person.faults).toEqual([]);
  });

  test("a set is deleted once nothing is in its way, network by network, and is kept in the history", async () => {
    const caSetId = await instance.createSet("short-lived", [pki.root("Short Root").pem]);
    await instance.deploy(caSetId, 1);
    const hostnames = ["short.example"];
    await instance.request("POST", "/edge-certificates", { hostnames, clientAuthentication: { caSetId } });
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}`);

    await askToDelete(page);
    const obstacles = page.getByRole("dialog").getByRole("list", { name: "In the way" });
    await obstacles.getByRole("link", { name: /Edge certificate \d+: short\.example/ }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "delete-refused");
    await obstacles.getByRole("link").click();
    await page.getByRole("button", { name: "Unbind short.example" }).click();
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("No edge certificate is associated with this set").waitFor();

    await askToDelete(page);
    await obstacles.getByRole("link", { name: "Version 1 on Production" }).waitFor();
    await page.getByRole("button", { name: "Keep it" }).click();
    for (const network of ["production", "staging"]) {
      await page.getByRole("button", { name: `Withdraw from ${network}` }).click();
      await page.getByRole("dialog").getByText(`Every client that this set lets in on ${network} is refused`).waitFor();
      if (network === "production") await keepPicture(page, "withdraw");
      await page.getByRole("button", { name: "Withdraw it" }).click();
      await page
        .getByText(/version 1 is withdrawn/)
        .first()
        .waitFor();
      await page.getByRole("main").getByRole("link", { name: "short-lived" }).first().click();
    }

    await askToDelete(page);
    await page.getByRole("heading", { name: /This set is deleted/ }).waitFor();
    await page.getByRole("progressbar", { name: "Production" }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "deleted");
    expect(await page.getByRole("link", { name: "Deploy version 1" }).count()).toBe(0);
    await person.open("/ca-sets");
    expect(await page.getByRole("link", { name: "short-lived" }).count()).toBe(0);
    await page.getByRole("button", { name: "Deleted" }).click();
    await page.getByRole("grid", { name: "Deleted certificate sets" }).waitFor();
    await keepPicture(page, "certificate-sets-deleted");
    await page
      .getByRole("grid", { name: "Deleted certificate sets" })
      .getByRole("link", { name: "short-lived" })
      .click();
    await page.getByRole("grid", { name: "History" }).getByText("deleted the set on production").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("an edge certificate is associated from the page of the set, once that is on both networks", async () => {
    const caSetId = await instance.createSet("associated", [pki.root("Associated Root").pem]);
    await instance.deploy(caSetId, 1, ["STAGING"]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}?tab=associations`);
    await page.getByText("Not on production").waitFor();
    await page.getByRole("link", { name: "Deploy version 1 to production" }).waitFor();
    expect(await page.getByRole("button", { name: "Associate an edge certificate" }).count()).toBe(0);
    await person.expectAccessible();
    await keepPicture(page, "associate-missing");

    await instance.deploy(caSetId, 1, ["PRODUCTION"]);
    await page.getByRole("button", { name: "Associate an edge certificate" }).click();
    await page.getByLabel("Hostnames").fill("api.associated.example");
    await page.getByLabel("are let in and marked").check();
    await person.expectAccessible();
    await keepPicture(page, "associate");
    await page.getByRole("button", { name: "Associate", exact: true }).click();
    await page.getByRole("dialog").getByText("This opens what is guarded now").waitFor();
    await keepPicture(page, "associate-opens");
    await page.getByRole("button", { name: "Keep it guarded" }).click();
    await page.getByLabel("are refused").check();
    await page.getByRole("button", { name: "Associate", exact: true }).click();
    await page.getByText("api.associated.example: its clients are held to associated").waitFor();
    const nodes = page.getByRole("grid", { name: "Edge nodes of this deployment" });
    await nodes.getByRole("row", { name: /production-edge.*serves/ }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "associated");
    expect(person.faults).toEqual([]);
  });

  test("an edge certificate is moved to another set, unless somebody changed it meanwhile", async () => {
    const [first, second] = [
      await instance.createSet("moved-from", [pki.root("From Root").pem]),
      await instance.createSet("moved-to", [pki.root("To Root").pem]),
    ];
    await Promise.all([instance.deploy(first, 1), instance.deploy(second, 1)]);
    const bound = { hostnames: ["moved.example"], clientAuthentication: { caSetId: first } };
    const { body } = await instance.request("POST", "/edge-certificates", bound);
    const { edgeCertificateId } = body as { readonly edgeCertificateId: number };
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${second}?tab=associations`);
    await page.getByRole("button", { name: "Associate an edge certificate" }).click();
    const choice = page.getByLabel("Edge certificate", { exact: true });
    await choice.selectOption({ label: "moved.example: uses moved-from now" });
    await expect.poll(() => page.getByLabel("Hostnames").inputValue(), patiently).toBe("moved.example");
    const change = { clientAuthentication: { sendCaListToClient: true } };
    await instance.request("PATCH", `/edge-certificates/${edgeCertificateId}`, change);
    await page.getByRole("button", { name: "Save and deploy" }).click();
    await page.getByText("precondition-failed").waitFor();
    await keepPicture(page, "associate-conflict");
    await page.getByRole("button", { name: "Cancel" }).click();

    await page.getByRole("button", { name: "Associate an edge certificate" }).click();
    await choice.selectOption({ label: "moved.example: uses moved-from now" });
    await page.getByRole("button", { name: "Save and deploy" }).click();
    await page.getByText("moved.example: its clients are held to moved-to").waitFor();
    await page
      .getByRole("row", { name: /moved\.example/ })
      .getByText("are refused")
      .waitFor();
  });

  test("handshakes are told by CA, with the one that is silent", async () => {
    const caSetId = await instance.createSet("telemetry", [pki.root("Telemetry Root").pem]);
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}?tab=handshakes`);
    await page.getByText("No version of the set is on this network").waitFor();
    await keepPicture(page, "set-handshakes-none");
    await page.route("**/handshakes?*", (route) => route.fulfill({ json: handshakes(caSetId) }));
    await page.getByRole("button", { name: "7 days" }).click();
    await page.getByText("1,200 client handshakes accepted and 3 refused in 7 days.").waitFor();
    await page.getByRole("img", { name: /^Handshakes over time: 1,200 handshakes accepted, 3 refused/ }).waitFor();
    const table = page.getByRole("grid", { name: "Handshakes by CA" });
    await table.getByRole("row", { name: /Old CA 200 silent since .* \(5 days\)/ }).waitFor();
    await table.getByRole("row", { name: /New CA 1,000/ }).waitFor();
    await table.getByRole("row", { name: /Unused CA 0 never seen/ }).waitFor();
    await person.expectAccessible();
    await keepPicture(page, "handshakes");
  });
});

/** What edges would have counted in a week. */
function handshakes(caSetId: string): HandshakeSummary {
  const at = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const anchor = (name: string, accepted: number, lastAcceptedDate: string | null) => ({
    fingerprint: name.toLowerCase(),
    subject: `CN=${name}`,
    isActive: true,
    accepted,
    removedAnchor: 0,
    lastAcceptedDate,
  });
  const refusal = { version: 1, outcome: "refused", reason: "path-not-found", count: 3, lastSeenDate: at(1) } as const;
  return {
    caSetId,
    network: "PRODUCTION",
    startDate: at(168),
    endDate: at(0),
    bucketSeconds: 3_600,
    accepted: 1_200,
    refused: 3,
    removedAnchor: 0,
    failed: 0,
    acceptedWithoutAnchor: 0,
    lost: 0,
    anchors: [anchor("Old CA", 200, at(5 * 24 + 1)), anchor("New CA", 1_000, at(0.1)), anchor("Unused CA", 0, null)],
    refusals: [refusal],
    buckets: Array.from({ length: 160 }, (_, i) => ({
      startDate: at(167 - i),
      accepted: i,
      refused: i % 40 === 0 ? 5 : 0,
      removedAnchor: 0,
      failed: 0,
    })),
  };
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete the set" }).click();
}

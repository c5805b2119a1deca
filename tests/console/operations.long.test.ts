import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { activation } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { expectWithinWindow, keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

const patiently = { timeout: patienceMs };

/** What people call good: web.dev/cls. */
const maxLayoutShift = 0.1;

describeInBrowser("operating with the console", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
  });

  test("a new installation leads to its first set", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await page.getByRole("heading", { name: "There is no certificate set yet" }).waitFor();
    await keepPicture(page, "overview-empty");
    await expectGoodEverywhere(person);
    await page.getByRole("button", { name: "Create new set" }).click();
    await page.getByLabel("Name of the certificate set").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a deployment that a node rejects says its words, what was put back and what to do, and is rolled back in two clicks", async () => {
    const [good, other] = [pki.root("Partner Root"), pki.root("Not to be stored")];
    // Where the edge would keep the certificate there is a directory: it cannot write it.
    const obstacle = join(instance.directory, "edges/staging/certificates", `${other.fingerprint}.der`);
    mkdirSync(obstacle, { recursive: true });
    const caSetId = await instance.createSet("partners-eu", [good.pem]);
    await instance.deploy(caSetId, 1);
    await instance.createVersion(caSetId, [good.pem, other.pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;

    await person.open(`/ca-sets/${caSetId}/versions/2/deploy`);
    await page.getByText("Nobody loses access.").waitFor();
    await page.getByText("One refused client whose CA this change removes stops it there").waitFor();
    await keepPicture(page, "deploy-nobody-loses");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByRole("heading", { name: "Staging: failed" }).waitFor();
    await page.getByText("Version 1 goes out again to every node").waitFor();
    await page.getByRole("row", { name: /staging-edge.*rejected.*disk-write-failed/ }).waitFor();
    await expectGoodEverywhere(person);

    await person.open("/");
    const line = page.getByRole("list", { name: "Needs attention" }).getByRole("listitem");
    await line.filter({ hasText: "partners-eu version 2 on staging failed" }).waitFor();
    await keepPicture(page, "overview-failed");
    await expectGoodEverywhere(person);
    await line.getByRole("link", { name: "Look at the deployment" }).click();
    await page.getByRole("heading", { name: "Version 2 on staging" }).waitFor();
    await page.getByRole("heading", { name: "Staging: failed" }).waitFor();
    await keepPicture(page, "deployment-failed");

    rmSync(obstacle, { recursive: true });
    await page.getByRole("button", { name: "Deploy version 2 again" }).click();
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByText("Staging: version 2 is deployed").waitFor();
    await page.getByRole("link", { name: "Look at this deployment" }).click();
    await page.getByRole("button", { name: "Roll back to version 1" }).click();
    await page.getByText("Clients of these CAs lose access").waitFor();
    await page.getByText("Nobody was seen in 30 days").waitFor();
    await keepPicture(page, "roll-back");
    await expectGoodEverywhere(person);
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByText("Staging: version 1 is deployed").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a node that is away is waited for in plain sight, and excluded on the record", async () => {
    const caSetId = await instance.createSet("devices", [pki.root("Device Root").pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const { production } = instance.processIds();
    process.kill(production, "SIGSTOP");
    try {
      await person.open(`/ca-sets/${caSetId}/versions/1/deploy?networks=PRODUCTION`);
      await page.getByRole("button", { name: "Deploy", exact: true }).click();
      await page.getByText("0 of 1 node has proved it, 1 is waited for.").waitFor();
      await page.getByText(/^It ends in \d+ min \d+ s at the latest\.$/).waitFor();
      await keepPicture(page, "deployment-running");
      await expectGoodEverywhere(person);
      await page.getByRole("button", { name: "Exclude production-edge" }).click();
      const dialog = page.getByRole("dialog", { name: "Go on without production-edge?" });
      await dialog.getByText("nobody has proved that the node stopped trusting it").waitFor();
      await keepPicture(page, "exclude-node");
      await person.expectAccessible();
      await dialog.getByRole("button", { name: "Exclude the node" }).click();
      await page.getByText("Production: version 1 is deployed").waitFor();
      await page.getByRole("row", { name: /production-edge.*excluded.*Taken out by deployer/ }).waitFor();
    } finally {
      process.kill(production, "SIGCONT");
    }
    expect(person.faults).toEqual([]);
  });

  test("one node first is shown as stages, and cancelled only after saying what is put back", async () => {
    const caSetId = await instance.createSet("pilots", [pki.root("Pilot Root").pem]);
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open(`/ca-sets/${caSetId}/versions/1/deploy`);
    await page.getByLabel("One node first").check();
    await page.getByLabel("Seconds that it is watched").fill("soon");
    await page.getByText("A whole number from 0 to 3,600.").waitFor();
    await expectGoodEverywhere(person);
    // For so long that nothing is decided by how fast this machine is.
    const body = { network: "STAGING", strategy: "ONE_NODE_FIRST", observationSeconds: 3_600 };
    const path = `/ca-sets/${caSetId}/versions/1`;
    const { activationId } = await instance.ask(activation, 202, "POST", `${path}/activate`, body);
    await person.open(`${path}/deployments/${activationId}`);
    const stages = page.getByRole("list", { name: "Stages of this deployment" });
    await stages.getByText("It has proved the change.").waitFor();
    await stages.getByText(/^For another \d+ min \d+ s\. 0 clients of a removed CA were refused so far/).waitFor();
    await page.getByText(/^1 of 1 node serves it, and is watched until .*there are no others\.$/).waitFor();
    const bar = page.getByRole("progressbar", { name: "Staging", exact: true });
    expect(await bar.getAttribute("aria-valuenow")).toBe("50");
    await page.getByRole("row", { name: /staging-edge goes first/ }).waitFor();
    await keepPicture(page, "deployment-stages");
    await expectGoodEverywhere(person);
    await page.getByRole("button", { name: "Cancel this deployment" }).click();
    await page.getByRole("dialog").getByText("Nothing of this set goes out again to every node.").waitFor();
    await page.getByRole("button", { name: "Cancel and put back" }).click();
    await page.getByRole("heading", { name: "Staging: cancelled" }).waitFor();
    await keepPicture(page, "deployment-cancelled");
    // As it is answered 30 days later.
    await page.route("**/activations/*/nodes", (route) =>
      route.fulfill({ json: { percentComplete: 100, nodes: [], nodesForgotten: true } }),
    );
    await page.reload();
    await page.getByText("How far each node was is not kept any more").waitFor();
    await page.getByRole("heading", { name: "Staging: cancelled" }).waitFor();
    expect(await stages.count()).toBe(0);
    await keepPicture(page, "deployment-forgotten");
    await person.expectAccessible();
    expect(person.faults).toEqual([]);
  });

  test("a thousand nodes are filtered by an address that can be sent to somebody", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await manyNodes(instance, page, 1_000);
    await person.open("/edge-nodes?network=PRODUCTION&state=away");
    await page.getByText("50 of 1,000 nodes").waitFor();
    expect(await page.getByLabel("State").inputValue()).toBe("away");
    await page.getByLabel("State").selectOption("");
    await page.getByText("500 of 1,000 nodes").waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(200);
    await keepPicture(page, "nodes-1000");
    await person.expectAccessible();
    await page.getByLabel("Filter by name, engine or network").fill("nothing has this name");
    await page.getByRole("button", { name: "Show every node" }).waitFor();
    await keepPicture(page, "nodes-no-match");
    await page.getByRole("button", { name: "Show every node" }).click();
    await page.getByText("1000 of 1,000 nodes").waitFor();
    await person.open("/");
    await page.getByText("50 edge nodes on production are not connected").waitFor();
    await page.getByRole("link", { name: "Look at the nodes" }).first().click();
    await page.getByText("50 of 1,000 nodes").waitFor();
    expect(person.faults).toEqual([]);
  });

  test("a token for a new node is shown once, with what is left to do; a viewer is not offered one", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    await person.open("/edge-nodes");
    await page.getByRole("button", { name: "Add an edge node" }).click();
    await page.getByLabel("Name of the node").fill("edge-7");
    await person.expectAccessible();
    await page.getByRole("button", { name: "Create a join token" }).click();
    await page.getByRole("heading", { name: "A join token for edge-7 of staging" }).waitFor();
    expect(await page.getByLabel("The join token").inputValue()).toMatch(/^tcmj_/);
    const steps = page.getByRole("list", { name: "What is left to do" });
    expect(await steps.getByRole("listitem").count()).toBe(3);
    await keepPicture(page, "join-token");
    await expectGoodEverywhere(person);
    await page.reload();
    await page.getByRole("button", { name: "Create a join token" }).waitFor();
    expect(await page.content()).not.toContain("tcmj_");
    const viewer = await Person.signIn(browser, instance, "viewer");
    await viewer.open("/edge-nodes/new/join");
    await viewer.page.getByText("Your role may not add nodes").waitFor();
    await keepPicture(viewer.page, "add-edge-node-viewer");
    expect(person.faults).toEqual([]);
  });

  test("a page that cannot be read says why, and is tried again in its place", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.route("**/v2/edge-nodes?*", (route) => route.abort());
    await person.open("/edge-nodes");
    await page.getByRole("heading", { name: "This page cannot be shown" }).waitFor();
    await keepPicture(page, "page-failed");
    expect(await page.title()).toBe("This page cannot be shown · Trust Chain Manager");
    await expectGoodEverywhere(person);
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "staging-edge" }).waitFor();

    // Until it is tried again: what an event has read would take the button away.
    await page.route("**/v2/edge-nodes?*", async (route) =>
      (await page.evaluate("globalThis.tcmTriedAgain === true")) ? route.continue() : route.abort(),
    );
    await instance.createSet("makes-an-event", [pki.root("Event Root").pem]);
    await instance.request("PATCH", "/edge-nodes/staging-edge", { drained: true });
    const bar = page.getByRole("status", { name: "Connection" });
    await bar.getByText("A part of this page could not be read again").waitFor();
    await page.getByRole("link", { name: "staging-edge" }).waitFor();
    await keepPicture(page, "read-failed");
    const again = bar.getByRole("button", { name: "Try again" });
    await again.evaluate((button) =>
      button.addEventListener("click", () => Object.assign(globalThis, { tcmTriedAgain: true })),
    );
    await again.click();
    await page.getByRole("row", { name: /staging-edge.*drained/ }).waitFor();
    await bar.waitFor({ state: "detached" });
    await instance.request("PATCH", "/edge-nodes/staging-edge", { drained: false });
    await page.getByRole("row", { name: /staging-edge.*serves what it should/ }).waitFor();
    await page.unrouteAll({ behavior: "wait" });
  });

  test("a slow network shows where things will be, and nothing jumps when they come", async () => {
    const caSetId = await instance.createSet("slowly-read", [pki.root("Slow Root").pem]);
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.addInitScript(watchLayoutShifts);
    const held: (() => void)[] = [];
    let holding = true;
    await page.route("**/v2/**", async (route) => {
      if (!holding || /\/(?:session|events)$/.test(new URL(route.request().url()).pathname)) return route.continue();
      await new Promise<void>((resolve) => held.push(resolve));
      return route.continue();
    });
    for (const [name, path, heading] of [
      ["slow-overview", "/", "Overview"],
      ["slow-edge-nodes", "/edge-nodes", "Edge nodes"],
      ["slow-edge-node", "/edge-nodes/staging-edge", "staging-edge"],
      ["slow-sets", "/ca-sets", "Certificate sets"],
      ["slow-set", `/ca-sets/${caSetId}`, "slowly-read"],
      ["slow-version", `/ca-sets/${caSetId}/versions/1`, "Version 1"],
    ] as const) {
      await person.open(path);
      await page.getByRole("progressbar", { name: "The page is being read" }).waitFor();
      await keepPicture(page, name);
      const goOn = setInterval(() => held.splice(0).forEach((release) => release()), 50);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      clearInterval(goOn);
      expect(await page.evaluate("window.tcmLayoutShift"), path).toBeLessThan(maxLayoutShift);
    }
    // What is still held is let go before its rule is taken away: the browser goes on with such a request by itself.
    holding = false;
    held.splice(0).forEach((release) => release());
    await page.unrouteAll({ behavior: "wait" });
    expect(person.faults).toEqual([]);
  });

  test("what is not there is said in words, with a way on", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    for (const [path, heading] of [
      ["/ca-sets/999999", "There is no such certificate set"],
      ["/ca-sets/none", "There is nothing at this address"],
      ["/ca-sets/1/versions/99", "There is no such version"],
      ["/ca-sets/1/versions/99/deploy", "There is no such version"],
      ["/ca-sets/1/versions/1/deployments/999999", "There is no such deployment"],
      ["/edge-nodes/nobody", "There is no such edge node"],
      ["/nothing/here", "There is nothing at this address"],
    ] as const) {
      await person.open(path);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      expect(await page.title()).toBe(`${heading} · Trust Chain Manager`);
    }
    await person.expectAccessible();
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  test("the keyboard skips what is around the page, and a new page begins at its content", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the content" });
    await skip.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focusedId(page), patiently).toBe("main");
    await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Edge nodes" }).click();
    await page.getByRole("heading", { name: "Edge nodes" }).waitFor();
    await expect.poll(() => focusedId(page), patiently).toBe("main");
    expect(await page.title()).toBe("Edge nodes · Trust Chain Manager");
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
  ] as const)("two hundred sets and a thousand nodes are one page, %s and %i pixels wide", async (colorScheme, width) => {
    const person = await Person.signIn(browser, instance, "viewer", {
      colorScheme,
      viewport: { width, height: 900 },
    });
    const { page } = person;
    await page.addInitScript(watchLayoutShifts);
    await manyNodes(instance, page, 1_000);
    await manySets(instance, page, 200);
    await person.open("/");
    await page.getByRole("link", { name: "set-001", exact: true }).waitFor();
    await expect.poll(() => page.getByRole("row").count(), patiently).toBeLessThan(100);
    await person.expectAccessible();
    await expectWithinWindow(page);
    expect(await page.evaluate("window.tcmLayoutShift")).toBeLessThan(maxLayoutShift);
    if (colorScheme === "light" && width === 1280) await keepPicture(page, "overview-200");
    const lines = page.getByRole("list", { name: "Needs attention" }).getByRole("listitem");
    expect(await lines.count()).toBeLessThan(20);
    await page.getByRole("button", { name: /^Show \d+ more lines$/ }).click();
    await expect.poll(() => lines.count(), patiently).toBeGreaterThan(100);
    await person.open("/edge-nodes");
    await page.getByText("1000 of 1,000 nodes").waitFor();
    await person.expectAccessible();
    await expectWithinWindow(page);
    if (colorScheme === "light" && width === 1280) await keepPicture(page, "nodes");
    expect(person.faults).toEqual([]);
  });

  test("a server that restarts is said over the page, which stays, and is live again without anybody's doing", async () => {
    const person = await Person.signIn(browser, instance, "viewer");
    const { page } = person;
    await person.open("/edge-nodes");
    await page.getByRole("link", { name: "staging-edge" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    await instance.stop();
    const bar = page.getByRole("status", { name: "Connection" });
    await bar.getByText("The server does not answer. It is asked again by itself").waitFor();
    await page.getByRole("link", { name: "staging-edge" }).waitFor();
    await keepPicture(page, "server-away");
    await expectGoodEverywhere(person);
    await instance.start();
    await page.getByText("Live", { exact: true }).waitFor();
    await bar.waitFor({ state: "detached" });
  });

  test("a node that is lost is removed by who confirms it", async () => {
    const person = await Person.signIn(browser, instance, "admin");
    const { page } = person;
    await person.open("/edge-nodes/production-edge");
    await page.getByRole("heading", { name: "production-edge" }).waitFor();
    await keepPicture(page, "node");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Remove production-edge?" });
    await dialog.getByText("Its certificate is void at once").waitFor();
    await keepPicture(page, "node-remove");
    await person.expectAccessible();
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await dialog.getByRole("button", { name: "Remove the node" }).click();
    await page.getByText("1 of 1 node").waitFor();
    expect((await instance.request("GET", "/edge-nodes/production-edge")).status).toBe(404);
    expect(person.faults).toEqual([]);
  });
});

/** In both themes, and on a narrow screen with nothing over its edge. */
async function expectGoodEverywhere(person: Person): Promise<void> {
  const { page } = person;
  for (const [colorScheme, width] of [
    ["dark", 1280],
    ["light", 320],
    ["light", 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    // The page follows the system; its colours are on their way from the next frame on.
    const isDark = 'document.documentElement.classList.contains("pf-v6-theme-dark")';
    await expect.poll(() => page.evaluate(isDark), patiently).toBe(colorScheme === "dark");
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    await person.expectAccessible();
    await expectWithinWindow(page);
  }
}

/** Sums up what moved without anybody's doing (Layout Instability). */
const watchLayoutShifts = `
  window.tcmLayoutShift = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.tcmLayoutShift += value;
  }).observe({ type: "layout-shift", buffered: true });
`;

async function focusedId(page: Page): Promise<unknown> {
  return page.evaluate("document.activeElement?.id");
}

/** Half on each network, every tenth of them away, with what the real ones have. */
async function manyNodes(instance: Instance, page: Page, count: number): Promise<void> {
  const { body } = await instance.request("GET", "/edge-nodes");
  const { edgeNodes } = body as { readonly edgeNodes: readonly object[] };
  const many = Array.from({ length: count }, (_, i) => ({
    ...edgeNodes[0],
    nodeId: `edge-${String(i).padStart(4, "0")}`,
    network: i % 2 === 0 ? "STAGING" : "PRODUCTION",
    isConnected: i % 20 > 1,
  }));
  await page.route("**/v2/edge-nodes?*", (route) => route.fulfill({ json: { edgeNodes: many } }));
}

/** On staging a version ahead of production. */
async function manySets(instance: Instance, page: Page, count: number): Promise<void> {
  const { body } = await instance.request("GET", "/ca-sets");
  const { caSets } = body as { readonly caSets: readonly object[] };
  const many = Array.from({ length: count }, (_, i) => ({
    ...caSets[0],
    caSetId: String(i + 1),
    caSetName: `set-${String(i + 1).padStart(3, "0")}`,
    stagingVersion: 2,
    productionVersion: 1,
  }));
  await page.route("**/v2/ca-sets", (route) => route.fulfill({ json: { caSets: many } }));
}

import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { askWithCurl } from "../e2e/openssl-client.ts";
import { type OpensslCertificate, opensslClient, opensslIntermediate, opensslRoot } from "../e2e/openssl-pki.ts";
import { keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";
import { JourneyPage } from "./journey-page.ts";

/** The journey of the specification in a browser; it ends at the edge that was configured by it. */
describeInBrowser("create and deploy a certificate set in the browser", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let root: OpensslCertificate;
  let issuing: OpensslCertificate;
  let other: OpensslCertificate;
  let client: OpensslCertificate;
  let stranger: OpensslCertificate;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    [root, other] = await Promise.all([opensslRoot(files, "partner-root"), opensslRoot(files, "other-root")]);
    issuing = await opensslIntermediate(files, "partner-issuing", root);
    client = await opensslClient(files, "client-1", issuing);
    stranger = await opensslClient(files, "client-2", other);
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  async function caSetNamed(name: string): Promise<string> {
    const { body } = await instance.request("GET", `/ca-sets?caSetNamePrefix=${name}`);
    return (body as { caSets: { caSetId: string }[] }).caSets[0]?.caSetId ?? "";
  }

  test("from the landing page to a client that is let in, and nothing is written before Deploy", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const journey = new JourneyPage(person);
    const { page } = person;
    await person.expectAccessible();
    await journey.press("Manage Certificate Sets");
    await journey.press("Create new set");
    const writes = journey.writes();
    await page.getByLabel("Name of the certificate set").fill("pa");
    await journey.press("Next");
    await page.getByText("A name has 3 to 64 of").waitFor();
    await keepPicture(page, "journey-name-refused");
    await person.expectAccessible();
    await page.getByLabel("Name of the certificate set").fill("partners-eu");
    await journey.press("Next");
    await page.getByText("partners-eu — version 1 (draft)").waitFor();
    expect(await page.getByLabel("Require Root Certificate").isChecked()).toBe(true);
    await keepPicture(page, "journey-paste");

    await journey.pasteAndValidate(issuing.pem);
    await page.getByText("issuer-not-in-set").waitFor();
    await person.expectAccessible();
    await page.getByRole("tab", { name: "Upload" }).click();
    await keepPicture(page, "journey-files");
    await page
      .locator('input[type="file"]:not([webkitdirectory])')
      .setInputFiles([root.certificateFile, other.certificateFile]);
    await page.getByText("3 certificates in this version").waitFor();
    await page.getByRole("button", { name: "Remove other-root.pem, certificate 1 (line 1)" }).click();
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 2 certificates").waitFor();
    await page.getByRole("tree", { name: "Structure of partners-eu" }).getByText("partner-issuing").waitFor();
    await page.getByRole("button", { name: "Describe pasted text, certificate 1 (line 1)" }).click();
    await person.expectAccessible();
    await keepPicture(page, "journey-describe");
    await page.keyboard.type("Partner 7, until spring");
    await page.keyboard.press("Enter");
    await page.getByText("Partner 7, until spring").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-certificates");

    await journey.review();
    const certificates = page.getByRole("grid", { name: "Certificates that will be saved" });
    await certificates.getByText("Partner 7, until spring").waitFor();
    expect(await certificates.getByRole("button", { name: /^Copy fingerprint/ }).count()).toBe(2);
    await page.getByLabel("What this version is for").fill("The first partners");
    await person.expectAccessible();
    await keepPicture(page, "journey-review-new");
    await journey.press("Next: where to deploy");
    await page.getByText("must be on both networks before an edge certificate can use it").waitFor();
    await page.getByLabel("Production").check();
    await page.getByText("Staging goes first").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-location");
    expect(writes).toEqual([]);
    await journey.press("Deploy");
    await page.getByText("Staging: version 1 is deployed").waitFor();
    await page.getByText("Production: version 1 is deployed").waitFor();
    await person.expectAccessible();
    const caSetId = await caSetNamed("partners-eu");
    const version = `/ca-sets/${caSetId}/versions`;
    expect(writes).toEqual([
      "POST /ca-sets",
      `POST ${version}`,
      `POST ${version}/1/activate`,
      `POST ${version}/1/activate`,
    ]);

    const saved = await instance.request("GET", `${version}/1`);
    expect(saved.body).toMatchObject({
      description: "The first partners",
      certificates: [{ description: "Partner 7, until spring" }, { description: null }],
    });
    const hostname = `ca-set-${caSetId}.tcm.internal`;
    for (const network of ["STAGING", "PRODUCTION"] as const) {
      expect((await askWithCurl({ instance, network, hostname, client })).status).toBe(200);
      expect((await askWithCurl({ instance, network, hostname, client: stranger })).status).toBe(403);
    }
    await keepPicture(page, "deployed");
    expect(await page.title()).toBe("partners-eu version 1: deployment · Trust Chain Manager");

    // What was before the journey, and not the journey from its beginning.
    await journey.press("Go to the certificate set");
    await page.getByRole("heading", { name: "partners-eu", level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Certificate sets", level: 1 }).waitFor();
    expect(person.faults).toEqual([]);
  });

  test("before a new version is saved, what it would change where the set runs is seen", async () => {
    const caSetId = await instance.createSet("rotating", [root.pem, other.pem]);
    await instance.tcm("deploy", "rotating@1", "--network", "staging", "--wait");
    const person = await Person.signIn(browser, instance, "deployer");
    const journey = new JourneyPage(person);
    const { page } = person;
    const writes = journey.writes();
    await person.open(`/ca-sets/${caSetId}/new-version`);
    await page.getByText("Valid: 2 certificates").waitFor();
    await page.getByRole("button", { name: "Remove version 1, certificate 2" }).click();
    await journey.press("Upload Certificates");
    await journey.pasteAndValidate(issuing.pem);
    await page.getByText("Valid: 2 certificates").waitFor();
    await journey.review();
    const staging = page.getByRole("region", { name: "What it would change on staging" });
    await staging.getByText("1 certificate added, 1 removed, 1 kept.").waitFor();
    await staging.getByText("Clients of these CAs lose access").waitFor();
    await staging.getByText("no client was seen through it").waitFor();
    await page
      .getByRole("region", { name: "What it would change on production" })
      .getByText("Nothing of this set")
      .waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-review-change");
    await journey.press("Next: where to deploy");
    await page.getByText("The networks may run different versions").waitFor();
    const loss = page.getByRole("region", { name: "Who loses access on staging" });
    await loss.getByText("Clients of these CAs lose access").waitFor();
    await loss.getByText("Nobody was seen in 30 days who would lose access.").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-location-change");
    expect(writes).toEqual([]);
    await journey.press("Save without deploying");
    await page.getByRole("heading", { name: "rotating", exact: true }).waitFor();
    expect(writes).toEqual([`POST /ca-sets/${caSetId}/versions`]);

    await person.open(`/ca-sets/${caSetId}/new-version`);
    await page.getByText("Valid: 2 certificates").waitFor();
    // Otherwise it would be a version that is there already.
    await page.getByLabel("Allow the same Common Name twice").check();
    await journey.press("Upload and validate chains");
    await page.getByText("Valid: 2 certificates").waitFor();
    await journey.review();
    await journey.press("Next: where to deploy");
    await page.getByLabel("One node first").check();
    const deploy = page.getByRole("button", { name: "Deploy", exact: true });
    const seconds = page.getByLabel("Seconds that it is watched");
    expect(await seconds.inputValue()).toBe("30");
    await seconds.fill("3601");
    await page.getByText("A whole number from 0 to 3,600.").waitFor();
    expect(await deploy.isDisabled()).toBe(true);
    await seconds.fill("1");
    await page.getByLabel("Refused clients that do not stop it").fill("2");
    await person.expectAccessible();
    const asked = page.waitForRequest(/\/activate$/);
    await deploy.click();
    const first = { strategy: "ONE_NODE_FIRST", observationSeconds: 1, maxRefusedClients: 2 };
    expect((await asked).postDataJSON()).toEqual({ network: "STAGING", ...first });
    await page.getByRole("region", { name: "Staging deployment" }).waitFor();

    // Whichever way one leaves it: who comes back finds the set.
    await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Edge nodes" }).click();
    await page.getByRole("heading", { name: "Edge nodes", level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "rotating", level: 1, exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/ca-sets/${caSetId}`);
    await page.getByRole("tab", { name: "Deployments" }).click();
    await expect.poll(() => page.title(), { timeout: patienceMs }).toBe("rotating: deployments · Trust Chain Manager");
    expect(person.faults).toEqual([]);
  });

  test("unsaved work is not lost without asking", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const journey = await JourneyPage.newSet(person, "never-saved");
    await journey.press("Cancel");
    await page.getByRole("dialog").getByText("Leaving discards it").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-cancel");
    await journey.press("Stay");
    await page.getByText("never-saved — version 1 (draft)").waitFor();
    const reloading = page.reload();
    const dialog = await page.waitForEvent("dialog");
    expect(dialog.type()).toBe("beforeunload");
    await Promise.all([dialog.accept(), reloading]);
    await page.getByLabel("Name of the certificate set").fill("never-saved");
    await journey.press("Next");
    await journey.press("Cancel");
    await journey.press("Leave and lose it");
    await page.getByRole("heading", { name: "Certificate sets", exact: true }).waitFor();
    expect(await caSetNamed("never-saved")).toBe("");
  });

  test("of two people who edit one version, the second sees what the first changed, keeps their work and decides", async () => {
    const caSetId = await instance.createSet("two-editors", [root.pem]);
    const [first, second] = await Promise.all([
      Person.signIn(browser, instance, "editor"),
      Person.signIn(browser, instance, "editor"),
    ]);
    const edit = async (person: Person, pem: string): Promise<JourneyPage> => {
      const journey = new JourneyPage(person);
      await person.open(`/ca-sets/${caSetId}/versions/1/edit`);
      await person.page.getByText("Valid: 1 certificate").waitFor();
      await journey.press("Upload Certificates");
      await journey.pasteAndValidate(pem);
      await person.page.getByText("Valid: 2 certificates").waitFor();
      await journey.review();
      return journey;
    };
    const [one, two] = await Promise.all([edit(first, issuing.pem), edit(second, other.pem)]);
    await one.press("Save without deploying");
    await first.page.getByRole("heading", { name: "Version 1", exact: true }).waitFor();

    await second.page.getByText("has changed this version").waitFor();
    await keepPicture(second.page, "journey-changed-meanwhile");
    await two.press("Save without deploying");
    await second.page.getByText("changed version 1 while you worked on it").waitFor();
    await second.page
      .getByRole("region", { name: "What saving yours would change in it" })
      .getByText("− removed")
      .waitFor();
    await second.expectAccessible();
    await keepPicture(second.page, "journey-conflict");
    await two.pressByKeyboard(/^Discard mine and load/);
    await second.page.getByRole("tree").getByText("partner-issuing").waitFor();
    await second.page.getByText("Valid: 2 certificates").waitFor();

    await two.press("Upload Certificates");
    await two.pasteAndValidate(other.pem);
    await second.page.getByText("Valid: 3 certificates").waitFor();
    const meanwhile = { certificates: [{ certificatePem: root.pem }], description: "by a script" };
    expect((await instance.request("PUT", `/ca-sets/${caSetId}/versions/1`, meanwhile)).status).toBe(200);
    await two.review();
    await two.press("Save without deploying");
    await second.page.getByText("“by a script” becomes no description").waitFor();
    await two.pressByKeyboard(/^Save mine over/);
    await second.page.getByRole("heading", { name: "Version 1", exact: true }).waitFor();
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/versions/1`);
    expect((body as { certificates: object[] }).certificates).toHaveLength(3);
    expect([...first.faults, ...second.faults]).toEqual([]);
  });

  test("a version that was deployed while it was edited is saved as a new one", async () => {
    const caSetId = await instance.createSet("locked-meanwhile", [root.pem]);
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const journey = new JourneyPage(person);
    await person.open(`/ca-sets/${caSetId}/versions/1/edit`);
    await page.getByText("Valid: 1 certificate").waitFor();
    await journey.press("Upload Certificates");
    await journey.pasteAndValidate(other.pem);
    await page.getByText("Valid: 2 certificates").waitFor();
    await instance.tcm("deploy", "locked-meanwhile@1", "--network", "staging", "--wait");
    await journey.review();
    await journey.press("Save without deploying");
    await page.getByText("The version can no longer be changed").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-locked");
    await journey.pressByKeyboard("Save yours as a new version");
    await page.getByRole("heading", { name: "Version 2", exact: true }).waitFor();
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/versions/2`);
    expect((body as { certificates: object[] }).certificates).toHaveLength(2);
  });

  test("a session that ends in the middle takes nothing along: the person signs in on the same page, and goes on", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const journey = await JourneyPage.newSet(person, "session-ended");
    await journey.pasteAndValidate(root.pem);
    await page.getByText("Valid: 1 certificate").waitFor();
    await journey.review();
    await page.getByLabel("What this version is for").fill("kept in the page");
    // By what is being saved itself: anything that is read before would notice it first, and take the button away.
    await page.route("**/v2/ca-sets", async (route) => {
      if (route.request().method() === "POST") await page.context().clearCookies();
      await route.continue();
    });
    await journey.press("Save without deploying");
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await page.unrouteAll({ behavior: "wait" });
    await person.expectAccessible();
    expect(await caSetNamed("session-ended")).toBe("");
    await person.signInAgain();
    await page.getByText("Your session had ended").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-session-ended");
    expect(await page.getByLabel("What this version is for").inputValue()).toBe("kept in the page");
    await journey.press("Save without deploying");
    await page.getByRole("heading", { name: "session-ended", exact: true }).waitFor();
    expect(await caSetNamed("session-ended")).not.toBe("");
    expect(person.faults).toEqual([]);
  });

  test("what was saved while its answer was lost is found, and neither set nor version is made twice", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    const journey = await JourneyPage.newSet(person, "lost-answers");
    await journey.pasteAndValidate(root.pem);
    await page.getByText("Valid: 1 certificate").waitFor();
    await journey.review();
    await loseAnswer(journey, "**/v2/ca-sets");
    await journey.press("Save without deploying");
    await page.getByText("It may or may not have been saved").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-lost-answer");
    await journey.press("Save without deploying");
    await page.getByText("You have made the set lost-answers already").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-made-already");
    await loseAnswer(journey, "**/v2/ca-sets/*/versions");
    await journey.pressByKeyboard("Go on with this set");
    await page.getByText("It may or may not have been saved").waitFor();
    await journey.press("Save without deploying");
    await page.getByText("It was already saved, as version 1").waitFor();
    await keepPicture(page, "journey-already-saved");
    await journey.pressByKeyboard("Go on with version 1");
    await page.getByRole("heading", { name: "lost-answers", exact: true }).waitFor();
    const caSetId = await caSetNamed("lost-answers");
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/versions`);
    expect((body as { versions: object[] }).versions).toHaveLength(1);
  });

  test("a part of the console that cannot be fetched is told and tried again, and the work is kept", async () => {
    const person = await Person.signIn(browser, instance, "editor");
    const { page } = person;
    await page.route("**/assets/work-parts-*.js", (route) => route.abort());
    const journey = await JourneyPage.newSet(person, "half-a-console");
    await journey.pasteAndValidate(root.pem);
    await page.getByText("Valid: 1 certificate").waitFor();
    await page.getByText("The list of the certificates could not be loaded").waitFor();
    await journey.press("Next: review");
    await page.getByText("The next step could not be loaded").waitFor();
    await person.expectAccessible();
    await journey.press("Back");
    await page.unrouteAll({ behavior: "wait" });
    await journey.press("Try again");
    await page.getByRole("button", { name: /^Remove pasted text/ }).waitFor();
    await journey.review();
    await journey.press("Save without deploying");
    await page.getByRole("heading", { name: "half-a-console", exact: true }).waitFor();
    expect(await caSetNamed("half-a-console")).not.toBe("");
  });

  test("a network that is slow, fails or is away is told, and a deployment that began is found", async () => {
    const person = await Person.signIn(browser, instance, "deployer");
    const { page } = person;
    const journey = await JourneyPage.newSet(person, "bad-network");
    await page.context().setOffline(true);
    await page.getByText("This browser is offline").waitFor();
    await journey.pasteAndValidate(root.pem);
    await page.getByText("The server cannot be reached").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-offline");
    await page.context().setOffline(false);
    await page.getByText("This browser is offline").waitFor({ state: "detached" });

    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await page.route("**/certificates/validate", async (route) => held.then(() => route.continue()), { times: 1 });
    await journey.press("Upload and validate chains");
    await page
      .getByRole("button", { name: /Upload and validate chains/, disabled: true })
      .getByRole("progressbar")
      .waitFor();
    await keepPicture(page, "journey-validating");
    goOn();
    await page.getByText("Valid: 1 certificate").waitFor();
    await journey.review();
    await journey.press("Next: where to deploy");
    await page.getByLabel("Production").check();
    await loseAnswer(journey, "**/versions/1/activate");
    await journey.press("Deploy");
    await page.getByText("The deployment may or may not have begun").waitFor();
    await page.getByText("Production was left as it is").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-deploy-lost");
    const failed = (json: object) => ({ ...json, activationStatus: "FAILED", failureReason: "edge-7 rejected it." });
    let isTriedAgain = false;
    await page.route(/\/activations\/\d+$/, async (route) => {
      if (isTriedAgain) return route.continue();
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: failed((await answer.json()) as object) });
    });
    await journey.pressByKeyboard("Try staging again");
    await page.getByText("edge-7 rejected it.").waitFor();
    await page.getByText("Production was left as it is").waitFor();
    await person.expectAccessible();
    await keepPicture(page, "journey-deploy-failed");
    // It has failed until then: what is read before would take the button away.
    page.on("request", (request) => (isTriedAgain ||= request.url().endsWith("/versions/1/activate")));
    await journey.pressByKeyboard("Try staging again");
    await page.getByText("Staging: version 1 is deployed").waitFor();
    await page.getByText("Production: version 1 is deployed").waitFor();
    await page.unrouteAll({ behavior: "wait" });
    const caSetId = await caSetNamed("bad-network");
    const { body } = await instance.request("GET", `/ca-sets/${caSetId}/activations`);
    expect((body as { activations: object[] }).activations).toHaveLength(2);
  });

  /** The server does what it is asked once, and its answer gets lost. */
  async function loseAnswer({ page }: JourneyPage, url: string): Promise<void> {
    let isLost = false;
    await page.route(url, async (route) => {
      if (isLost || route.request().method() !== "POST") return route.fallback();
      isLost = true;
      await route.fetch();
      return route.abort("connectionreset");
    });
  }
});

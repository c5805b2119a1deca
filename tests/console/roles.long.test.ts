import { isAllowed, type Permission, type Role, roles } from "@tcm/api-contract";
import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance } from "../e2e/instance.ts";
import { opensslRoot } from "../e2e/openssl-pki.ts";
import { keepPicture, patienceMs, Person } from "./console-browser.ts";
import { describeInBrowser, startConsole, startMs, stopConsole } from "./console-under-test.ts";

/** What a page offers, and the right that it takes. */
type Offer = readonly [path: string, control: RegExp, permission: Permission];

const set = "/ca-sets/ID";
const offers: readonly Offer[] = [
  ["/ca-sets", /^Create new set$/, "edit"],
  [set, /New version/, "edit"],
  [set, /Rename/, "edit"],
  [`${set}/versions/2`, /Clone to edit/, "edit"],
  [`${set}/versions/2`, /^Deploy/, "deploy-staging"],
  [`${set}/versions/2/deploy?networks=PRODUCTION`, /^Deploy/, "deploy-production"],
  ["/edge-certificates", /Associate/, "change-edges"],
  ["/edge-nodes/staging-edge", /Drain/, "change-edges"],
  ["/users", /New user/, "administer"],
  ["/credentials", /New credential/, "administer"],
  ["/audit", /^Apply$/, "administer"],
];

const pages = [...new Set(offers.map(([path]) => path))];

describeInBrowser("what a role may not do is not offered, and what it may do is", () => {
  const files = createTemporaryDirectory();
  let instance: Instance;
  let browser: Browser;
  let caSetId: string;

  beforeAll(async () => {
    ({ instance, browser } = await startConsole());
    const [root, other] = await Promise.all([opensslRoot(files, "partner-root"), opensslRoot(files, "device-root")]);
    caSetId = await instance.createSet("partners-eu", [root.pem]);
    await instance.createVersion(caSetId, [root.pem, other.pem]);
  }, startMs);

  afterAll(async () => {
    await stopConsole({ instance, browser });
    removeDirectory(files);
  });

  test.each(roles)("%s", async (role) => {
    const person = await Person.signIn(browser, instance, role);
    for (const path of pages) {
      await person.open(path.replace("ID", caSetId));
      await person.page.getByRole("heading", { level: 1 }).waitFor();
      const here = offers.filter(([of]) => of === path);
      const expected = here.map(([, control, permission]) => [control.source, isAllowed(role, permission)] as const);
      const found = async () => {
        const names = await offered(person);
        return here.map(([, control]) => [control.source, names.some((name) => control.test(name))] as const);
      };
      await expect.poll(found, { timeout: patienceMs, message: `${role}, ${path}` }).toEqual(expected);
    }
    // React writes down what a page has shown in its place.
    expect(person.faults.filter((fault) => !fault.startsWith("ApiProblem: This needs the role"))).toEqual([]);
  });

  test.each(roles)("the sections of %s", async (role) => {
    const person = await Person.signIn(browser, instance, role);
    const links = person.page.getByRole("navigation", { name: "Sections" }).getByRole("link");
    const names = await links.allTextContents();
    const forAdmins = ["Users", "API clients and tokens", "Audit"];
    expect(names).toEqual(expect.arrayContaining(["Overview", "Certificate sets", "Settings"]));
    expect(names.filter((name) => forAdmins.includes(name))).toEqual(isAllowed(role, "administer") ? forAdmins : []);
  });

  test.each(
    roles.filter((role): role is Exclude<Role, "admin"> => role !== "admin"),
  )("%s who follows a link to what is not theirs is told so, and who may", async (role) => {
    const person = await Person.signIn(browser, instance, role);
    await person.open("/users");
    await person.page.getByText("Not allowed").waitFor();
    await person.page.getByText("Ask somebody who may: admin.").waitFor();
    if (role === "viewer") await keepPicture(person.page, "not-allowed");
    await person.expectAccessible();
  });
});

/** Names of what can be used on the page: buttons that are not disabled, and links. */
async function offered({ page }: Person): Promise<readonly string[]> {
  await page.getByRole("progressbar", { name: "The page is being read" }).waitFor({ state: "detached" });
  const controls = page.getByRole("main").locator("button:enabled, a[href]");
  return controls.evaluateAll((all) =>
    all.map((one) => (one.getAttribute("aria-label") ?? one.textContent ?? "").trim()),
  );
}

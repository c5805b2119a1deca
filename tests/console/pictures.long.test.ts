import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "@tcm/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Instance } from "../e2e/instance.ts";
import { buildConsole, noBrowserReason, openBrowser, Person } from "./console-browser.ts";

const reason = noBrowserReason();
if (reason !== undefined) console.warn(`pictures of the console skipped: ${reason}`);

/** Pictures for eyes; undefined: none are wanted. */
const pictures = process.env["TCM_SCREENSHOTS"];

describe.skipIf(reason !== undefined)("the pictures of the console", () => {
  const pki = testPki({ now: new Date() });
  let instance: Instance;
  let browser: Browser;
  let crossSigned: string;
  let huge: string;

  beforeAll(async () => {
    await buildConsole();
    [instance, browser] = await Promise.all([Instance.start(), openBrowser()]);
    crossSigned = await instance.createSet("cross-signed", crossSignedPems(), { allowDuplicateCommonNames: true });
    const top = pki.root("Wide Root");
    const under = Array.from({ length: 149 }, (_, i) => top.intermediate(`Issuing ${i}`).pem);
    const alone = Array.from({ length: 150 }, (_, i) => pki.root(`Partner ${i} Root`).pem);
    huge = await instance.createSet("huge", [top.pem, ...under, ...alone]);
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await instance.remove();
  });

  /** Two roots over one CA, and a CA of its own under it. */
  function crossSignedPems(): readonly string[] {
    const [old, next] = [pki.root("Old Root"), pki.root("Next Root")];
    const issuing = old.intermediate("Issuing CA");
    const again = next.crossSign(issuing);
    const lower = issuing.intermediate("Device CA", { notAfter: pki.now + 20 * 86_400 });
    return [old, next, issuing, again, lower, pki.root("Stands Alone")].map(({ pem }) => pem);
  }

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
  ] as const)(
    "are without a violation, %s and %i pixels wide",
    async (colorScheme, width) => {
      const person = await Person.signIn(browser, instance, "viewer", {
        colorScheme,
        viewport: { width, height: 900 },
      });
      for (const [name, path] of [
        ["version", `/ca-sets/${crossSigned}/versions/1`],
        ["graph", `/ca-sets/${crossSigned}/versions/1?view=structure`],
        ["graph-huge", `/ca-sets/${huge}/versions/1?view=structure`],
        ["version-huge", `/ca-sets/${huge}/versions/1`],
      ] as const) {
        await person.open(path);
        await person.page.getByRole("heading", { level: 1 }).waitFor();
        await person.page.getByRole("progressbar", { name: "The page is being read" }).waitFor({ state: "detached" });
        if (path.includes("view=structure"))
          await person.page.getByText("What each anchor makes trusted").first().waitFor();
        await person.expectAccessible();
        const overflow = await person.page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          await person.page.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`) });
        }
      }
      expect(person.faults).toEqual([]);
    },
    240_000,
  );
});

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { Instance } from "../e2e/instance.ts";

export { buildConsole, noBrowserReason, openBrowser } from "./chromium.ts";
export { keepPicture } from "./keep-picture.ts";

/** What is waited for comes at once, or on a busy machine after a while; what never comes is told all the same. */
export const patienceMs = 120_000;
let people = 1;
const password = "seven quiet horses count the stars";

/** A person with a role, signed in, with every fault of their page kept. */
export class Person {
  readonly page: Page;
  /** What the page wrote into the browser's log as an error, and what it threw. */
  readonly faults: readonly string[];
  readonly #instance: Instance;
  readonly #name: string;

  private constructor(page: Page, faults: readonly string[], instance: Instance, name: string) {
    this.#name = name;
    this.page = page;
    this.faults = faults;
    this.#instance = instance;
  }

  static async signIn(
    browser: Browser,
    instance: Instance,
    role: string,
    { isKept, ...options }: PersonOptions = {},
  ): Promise<Person> {
    const name = `${role}-${(people++).toString()}`;
    const created = await instance.request("POST", "/users", { name, role, password });
    if (created.status !== 201) throw new Error(`no user: ${JSON.stringify(created.body)}`);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    // An open page reads again at every event of the tests that follow.
    if (isKept !== true)
      onTestFinished(async () => {
        if (page.isClosed()) return;
        await page.unrouteAll({ behavior: "ignoreErrors" });
        await context.close();
      });
    const faults = faultsOf(page);
    const person = new Person(page, faults, instance, name);
    await person.open("/");
    await person.signInAgain();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    return person;
  }

  /** On the page that asks for it. */
  async signInAgain(): Promise<void> {
    await signIn(this.page, this.#name, password);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#instance.url}${path}`);
  }

  /** WCAG 2.2 AA, as far as a program can tell. */
  async expectAccessible(): Promise<void> {
    await expectAccessible(this.page);
  }
}

export type PersonOptions = {
  /** Stays when a test ends: signed in before the first test of a file for all of them, or in a browser that the test closes. */
  readonly isKept?: true;
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { width: number; height: number };
};

/** On the page that asks for it, whatever lies behind. */
export async function signIn(page: Page, name: string, secret: string): Promise<void> {
  const door = page.getByRole("main");
  await door.getByLabel("Name").fill(name);
  await door.getByLabel("Password").fill(secret);
  await door.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** What the page writes into the browser's log as an error, and what it throws, from now on. */
export function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // The browser itself logs each answer that is a refusal; the page shows those.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(message.text());
  });
  return faults;
}

/** Nothing goes over the right edge, once the page has drawn itself for its width: some of it is measured before it is drawn again. */
export async function expectWithinWindow(page: Page, what = page.url()): Promise<void> {
  const over = () => page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  await expect.poll(over, { timeout: patienceMs, message: `${what} is wider than the window` }).toBeLessThanOrEqual(0);
}

/** WCAG 2.2 AA, as far as a program can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours that are on their way are not the colours.
  await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))");
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  expect(found, page.url()).toEqual([]);
}

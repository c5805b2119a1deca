import type { Page } from "playwright-core";
import type { Person } from "./console-browser.ts";

/** The journey as a person walks it, by the words on its buttons. */
export class JourneyPage {
  readonly page: Page;
  readonly person: Person;

  constructor(person: Person) {
    this.person = person;
    this.page = person.page;
    this.page.setDefaultTimeout(120_000);
  }

  static async newSet(person: Person, name: string): Promise<JourneyPage> {
    const journey = new JourneyPage(person);
    await person.open("/ca-sets/new");
    await journey.page.getByLabel("Name of the certificate set").fill(name);
    await journey.press("Next");
    await journey.page.getByText(`${name} — version 1 (draft)`).waitFor();
    return journey;
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Walks there with Tab, as somebody without a mouse does, and presses Enter. */
  async pressByKeyboard(name: string | RegExp): Promise<void> {
    const button = this.page.getByRole("button", { name });
    await button.waitFor();
    for (let presses = 0; presses < 80; presses++) {
      if (await button.evaluate((element) => element === element.ownerDocument.activeElement))
        return this.page.keyboard.press("Enter");
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`${String(name)} cannot be reached with the keyboard`);
  }

  /** What was pasted is taken along by validating. */
  async pasteAndValidate(pem: string): Promise<void> {
    await this.page.getByLabel("Certificates in PEM").fill(pem);
    await this.press("Upload and validate chains");
  }

  async review(): Promise<void> {
    await this.press("Next: review");
    await this.page.getByRole("heading", { name: "Review", exact: true }).waitFor();
  }

  /** Requests that change something, from now on: whatever is neither read nor merely validated. */
  writes(): readonly string[] {
    const seen: string[] = [];
    this.page.on("request", (request) => {
      const path = new URL(request.url()).pathname;
      if (request.method() !== "GET" && !path.endsWith("/certificates/validate"))
        seen.push(`${request.method()} ${path.replace(/^.*\/v2/, "")}`);
    });
    return seen;
  }
}

import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Instance } from "../../tests/e2e/instance.ts";

const account = { name: "visitor", role: "viewer", password: "seven quiet horses count the stars" } as const;

/** A window of somebody who has signed in and may read. */
export async function openVisitor(browser: Browser, instance: Instance): Promise<BrowserContext> {
  await instance.request("POST", "/users", account);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  await page.goto(instance.url);
  await page.getByLabel("Name").fill(account.name);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.close();
  return context;
}

/** What of the console's scripts a page asks for that is opened by its address, in a browser that has none of them. */
export async function scriptsOf(context: BrowserContext, address: string): Promise<readonly string[]> {
  const page = await context.newPage();
  const names: string[] = [];
  page.on("request", (request) => {
    const name = /\/assets\/([^/?]+\.js)$/.exec(request.url())?.[1];
    if (name !== undefined) names.push(name);
  });
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.close();
  return [...new Set(names)];
}

/**
 * From the moment that somebody goes to the page until its text is on the screen: what is read from the server, what is decoded, and
 * what is drawn. The console itself is there already.
 */
export function consoleMs(page: Page, path: string, text: string): Promise<number> {
  return page.evaluate(`(async () => {
    const begin = performance.now();
    history.pushState({}, "", ${JSON.stringify(path)});
    dispatchEvent(new PopStateEvent("popstate"));
    const frame = () => new Promise(requestAnimationFrame);
    while (!document.querySelector("main")?.textContent.includes(${JSON.stringify(text)})) await frame();
    await frame();
    await frame();
    return performance.now() - begin;
  })()`);
}

/** The same rows as a plain table that is made at once with nothing but the browser. `rows` is a function of the answer, as text. */
export function plainTableMs(page: Page, address: string, rows: string): Promise<number> {
  return page.evaluate(`(async () => {
    const begin = performance.now();
    const answer = await (await fetch(${JSON.stringify(address)}, { headers: { "x-tcm-request": "1" } })).json();
    const table = document.createElement("table");
    for (const cells of (${rows})(answer)) {
      const row = table.insertRow();
      for (const cell of cells) row.insertCell().textContent = cell;
    }
    document.body.replaceChildren(table);
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    return performance.now() - begin;
  })()`);
}

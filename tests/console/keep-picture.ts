import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { looks, pictureFile } from "./picture-files.ts";
import type { PictureName } from "./picture-names.ts";

const minHeight = 700;
/** What is longer goes on in the same way. */
const maxHeight = 2_600;
/** PatternFly looks anew whether its tabs and its masthead fit some time after the window has changed. */
const settlingMs = 250;

/** Of the whole page, for the documentation and for eyes, when TCM_SCREENSHOTS names a directory; otherwise nothing. */
export async function keepPicture(page: Page, name: PictureName): Promise<void> {
  const directory = process.env["TCM_SCREENSHOTS"];
  if (directory === undefined) return;
  mkdirSync(directory, { recursive: true });
  const before = page.viewportSize();
  const wasDark = await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches');
  for (const look of looks) {
    const { colorScheme, width } = look;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: minHeight });
    await page.waitForTimeout(settlingMs);
    const height = Math.min(maxHeight, minHeight + Number(await page.evaluate(hiddenHeight)));
    await page.setViewportSize({ width, height });
    await drawn(page);
    await page.screenshot({ path: join(directory, pictureFile(name, look)), animations: "disabled" });
  }
  await page.emulateMedia({ colorScheme: wasDark === true ? "dark" : "light" });
  if (before !== null) await page.setViewportSize(before);
}

/** The page draws itself anew for another width, and its colours are on their way from the next frame on. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

/** How much of what scrolls is not to be seen. */
const hiddenHeight = `(() => {
  const scrolled = document.getElementById("main") ?? document.documentElement;
  return Math.max(0, scrolled.scrollHeight - scrolled.clientHeight);
})()`;

import { describe, expect, test } from "vitest";
import { gzipKilobytes, pageScripts } from "../../bench/console/initial-script.ts";
import { buildConsole } from "./chromium.ts";

const mostKilobytes = 250;
/** The journey is one piece, so that a network that fails between two of its steps takes no work along. */
const journey = { most: 310, pages: ["new-set-page", "new-version-page", "edit-version-page"] } as const;

describe("what a browser fetches to show a page at first", () => {
  test("is at most 250 kB of compressed JavaScript, the journey aside", async () => {
    await buildConsole();
    const sizes = [...pageScripts()].map(([page, names]) => ({ page, kilobytes: gzipKilobytes(names) }));
    expect(sizes.length).toBeGreaterThan(15);
    const isOfJourney = (page: string): boolean => journey.pages.some((one) => page.endsWith(`/${one}.tsx`));
    const tooLarge = sizes.filter(
      ({ page, kilobytes }) => kilobytes > (isOfJourney(page) ? journey.most : mostKilobytes),
    );
    expect(tooLarge).toEqual([]);
    expect(sizes.filter(({ page }) => isOfJourney(page))).toHaveLength(journey.pages.length);
  }, 300_000);
});

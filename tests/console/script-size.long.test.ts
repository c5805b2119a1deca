import { describe, expect, test } from "vitest";
import { gzipKilobytes, pageScripts } from "../../bench/console/initial-script.ts";
import { buildConsole } from "./chromium.ts";

const mostKilobytes = 250;

describe("what a browser fetches to show a page at first", () => {
  test("is at most 250 kB of compressed JavaScript, whatever the page", async () => {
    await buildConsole();
    const sizes = [...pageScripts()].map(([page, names]) => ({ page, kilobytes: gzipKilobytes(names) }));
    expect(sizes.length).toBeGreaterThan(15);
    expect(sizes.filter(({ kilobytes }) => kilobytes > mostKilobytes)).toEqual([]);
  });
});

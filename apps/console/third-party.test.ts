import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { noticesOf, packagesOf } from "./third-party.ts";

const repository = resolve(import.meta.dirname, "../..");

describe("what a bundle is made of", () => {
  test("is told by package, each once, ours too, and one that lies in another by itself", () => {
    const files = [
      "packages/core/src/index.ts",
      "apps/console/src/main.tsx",
      "node_modules/react/index.js",
      "node_modules/react/jsx-runtime.js",
      "node_modules/@tanstack/react-query/build/modern/index.js",
      "node_modules/@tanstack/react-query/node_modules/other/index.css",
      "LICENSE",
    ];
    expect(
      packagesOf(repository, ["\0vite/preload-helper.js", ...files.map((file) => `${repository}/${file}`)]),
    ).toEqual([
      "apps/console",
      "node_modules/@tanstack/react-query",
      "node_modules/@tanstack/react-query/node_modules/other",
      "node_modules/react",
      "packages/core",
    ]);
  });

  test("has its licences told with their texts, and those of what others have taken from others", () => {
    const notices = noticesOf(repository, [
      "packages/core",
      "node_modules/@patternfly/react-core",
      "node_modules/react",
    ]);
    expect(notices).toMatch(/^@patternfly\/react-core \S+ \(MIT\)\n\nLICENSE\n\nMIT License/);
    expect(notices).toContain("thirdparty/popper-core/LICENSE.md\n\n");
    expect(notices).toMatch(/^react \d\S+ \(MIT\)\n\nLICENSE\n\n/m);
    expect(notices).not.toContain("@tcm/");
  });
});

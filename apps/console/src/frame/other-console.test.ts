import { describe, expect, test } from "vitest";
import { isOtherConsole } from "./other-console.ts";

const page = (script: string): string =>
  `<script type="module" crossorigin src="${script}"></script><div id="console"></div>`;

describe("whether the server has another console by now", () => {
  test.each([
    ["the same script is the same console", page("/assets/index-a.js"), false],
    ["another script is another console", page("/assets/index-b.js"), true],
    ["a page of a proxy is none", "<form>Sign in to the network</form>", false],
    ["an empty answer is none", "", false],
  ])("%s", (_name, answer, expected) => {
    expect(isOtherConsole(answer, "/assets/index-a.js")).toBe(expected);
  });
});

import { describe, expect, test } from "vitest";
import { forgetPlace, rememberPlace, takePlace } from "./return-place.ts";

function memory() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

const at = (address: string) => new URL(address, "https://tcm.example");
const minute = 60_000;

describe("the way back from the identity provider", () => {
  test("leads to the page that was asked for, once", () => {
    const storage = memory();
    rememberPlace(at("/ca-sets/4?tab=history"), storage, 0);
    expect(takePlace(at("/sign-in"), storage, minute)).toBeUndefined();
    expect(takePlace(at("/"), storage, minute)).toBe("/ca-sets/4?tab=history");
    expect(takePlace(at("/"), storage, minute)).toBeUndefined();
  });

  test("is forgotten after ten minutes, and by who signs in otherwise", () => {
    const storage = memory();
    rememberPlace(at("/audit"), storage, 0);
    expect(takePlace(at("/"), storage, 10 * minute)).toBeUndefined();
    rememberPlace(at("/audit"), storage, 0);
    forgetPlace(storage);
    expect(takePlace(at("/"), storage, 1)).toBeUndefined();
  });

  test.each(["/", "/sign-in"])("begins at the first page when it began at %s", (path) => {
    const storage = memory();
    rememberPlace(at("/audit"), storage, 0);
    rememberPlace(at(path), storage, 0);
    expect(takePlace(at("/"), storage, 1)).toBeUndefined();
  });

  test.each([
    "no JSON",
    "null",
    '{"place":"//evil.example","untilMs":9}',
    '{"place":"/\\\\evil.example","untilMs":9}',
    '{"place":"https://evil.example","untilMs":9}',
    '{"place":7,"untilMs":9}',
  ])("never leaves this origin: %s", (kept) => {
    const storage = memory();
    storage.setItem("tcm-return-to", kept);
    expect(takePlace(at("/"), storage, 1)).toBeUndefined();
  });
});

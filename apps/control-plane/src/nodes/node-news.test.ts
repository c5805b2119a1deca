import type { ManifestEntry } from "@tcm/core";
import { describe, expect, test } from "vitest";
import type { CachedEntry } from "./manifest-cache.ts";
import { NodeNews } from "./node-news.ts";

const node = { nodeId: "node-1", network: "STAGING" } as const;

/** A manifest with entries of these generations, whose key the test changes. */
function manifestOf(...numbers: readonly number[]) {
  const entries = numbers.map(entryOf);
  return {
    entries,
    key: "first",
    refresh: async () => undefined,
    names: () => true,
    keyId() {
      return this.key;
    },
    successorsLine() {
      return this.key === "first" ? undefined : "successors";
    },
    signFor: (_: string, { json }: CachedEntry) => json,
    entriesAfter: (_: unknown, after: number) => entries.filter(({ entry }) => entry.generation.number > after),
  };
}

function entryOf(number: number): CachedEntry {
  const generation = { epoch: 1, number };
  const entry: ManifestEntry = {
    network: "STAGING",
    entryId: `ca-set/${number}`,
    generation,
    digest: "",
    content: null,
  };
  return { entry, json: String(number) };
}

function announced(entries: string, complete: boolean): string {
  return `{"type":"announce","complete":${complete},"entries":[${entries}]}`;
}

describe("what a node is told of its manifest", () => {
  test("is everything at first, and that this is all", () => {
    const news = new NodeNews(node, manifestOf(1, 2));
    expect(news.isAny).toBe(true);
    expect(news.take()).toEqual([announced("1,2", true)]);
  });

  test("is also said where there is no entry", () => {
    expect(new NodeNews(node, manifestOf()).take()).toEqual([announced("", true)]);
  });

  test("is what came after what it was told, and nothing where there is nothing", () => {
    const manifest = manifestOf(1);
    const news = new NodeNews(node, manifest);
    news.take();
    expect([news.isAny, news.take()]).toEqual([false, []]);
    manifest.entries.push(entryOf(2));
    expect([news.isAny, news.take()]).toEqual([true, [announced("2", false)]]);
  });

  test("is everything once more under another key, after the line that leads to it", () => {
    const manifest = manifestOf(1, 2);
    const news = new NodeNews(node, manifest);
    news.take();
    manifest.key = "second";
    expect([news.isAny, news.take()]).toEqual([true, ["successors", announced("1,2", false)]]);
  });

  test("comes in lines that a node can hold", () => {
    const manifest = manifestOf(1, 2, 3);
    const long = "0".repeat(100_000);
    manifest.signFor = () => long;
    expect(new NodeNews(node, manifest).take()).toEqual([
      announced(long, false),
      announced(long, false),
      announced(long, true),
    ]);
  });

  test("is answered when the node has applied or rejected the last of it", () => {
    const manifest = manifestOf(1, 2);
    const news = new NodeNews(node, manifest);
    news.take();
    const report = (number: number) => ({ ...entryOf(number).entry, state: "applied" as const });
    expect([news.report(report(1)), news.isAnswered]).toEqual([false, false]);
    expect([news.report(report(2)), news.isAnswered]).toEqual([true, true]);
  });
});

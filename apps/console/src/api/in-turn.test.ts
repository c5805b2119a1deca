import { describe, expect, test, vi } from "vitest";
import { inTurn, type Names } from "./in-turn.ts";

function reader() {
  const read: Names[] = [];
  let finish: (() => void)[] = [];
  const begin = inTurn((names) => {
    read.push(names);
    return new Promise<void>((resolve, reject) => {
      finish.push(() => (read.length === 2 ? reject(new Error("the second one fails")) : resolve()));
    });
  });
  const end = (): void => {
    const open = finish;
    finish = [];
    for (const one of open) one();
  };
  return { read, begin, end };
}

describe("a burst of events", () => {
  test("is read together, after the reading that is under way", async () => {
    const { read, begin, end } = reader();
    begin(["a"]);
    begin(["b"]);
    begin(["b", "c"]);
    expect(read).toEqual([new Set(["a"])]);
    end();
    await vi.waitFor(() => expect(read).toEqual([new Set(["a"]), new Set(["b", "c"])]), { timeout: 60_000 });
  });

  test("with one among them that makes everything old is everything", async () => {
    const { read, begin, end } = reader();
    begin(["a"]);
    begin(["b"]);
    begin(undefined);
    begin(["c"]);
    end();
    await vi.waitFor(() => expect(read).toEqual([new Set(["a"]), undefined]), { timeout: 60_000 });
  });

  test("goes on after a reading that failed, and nothing is read without being named", async () => {
    const { read, begin, end } = reader();
    begin([]);
    expect(read).toEqual([]);
    for (const [i, name] of ["a", "b", "c"].entries()) {
      begin([name]);
      await vi.waitFor(() => expect(read).toHaveLength(i + 1), { timeout: 60_000 });
      end();
    }
  });
});

import { describe, expect, test } from "vitest";
import { type Dropped, mostEntries } from "./folder-walk.ts";
import { maxTotalBytes, readHandedIn } from "./read-files.ts";
import { readDropped } from "./read-dropped.ts";
import { refusedText } from "./refused-text.ts";

const dropped = (path: string, open: () => Promise<File>): Dropped => ({ kind: "file", path, open });
const holding = (path: string, text: string): Dropped => dropped(path, async () => new File([text], path));

/** A file that is there, of which no byte is given. */
class LockedFile extends File {
  readonly #size: number;
  constructor(path: string, size: number) {
    super([], path);
    this.#size = size;
  }
  override get size(): number {
    return this.#size;
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.reject(new DOMException(this.name, "NotReadableError"));
  }
}

const locked = (path: string, size: number): Dropped => dropped(path, async () => new LockedFile(path, size));

const emptyFolder: Dropped = { kind: "folder", path: "none", async *batches() {} };

describe("what is dropped on the page", () => {
  test("is read with its path as its name", async () => {
    const read = await readDropped([holding("partners/eu/root.pem", "text")]);
    expect(read).toEqual({
      ok: true,
      files: [{ name: "partners/eu/root.pem", bytes: new TextEncoder().encode("text") }],
      notRead: [],
    });
  });

  test("that cannot be read is told of beside what can, and before anything goes on", async () => {
    const gone = dropped("a/gone.pem", () => Promise.reject(new DOMException("gone", "NotFoundError")));
    const read = await readDropped([gone, locked("a/locked.pem", 10), holding("a/good.pem", "text"), emptyFolder]);
    if (!read.ok) throw new Error(read.problem);
    expect(read.files.map(({ name }) => name)).toEqual(["a/good.pem"]);
    const { refused } = readHandedIn([], read.notRead);
    expect(refused.map(refusedText)).toEqual([
      expect.stringMatching(/^none: there is no file in this folder/),
      expect.stringMatching(/^a\/gone\.pem: this could not be read.*hand it in again/),
      expect.stringMatching(/^a\/locked\.pem: this could not be read/),
    ]);
  });

  test("is not read when it is too large, or too much to look through", async () => {
    const large = await readDropped([locked("a/small.pem", 1), locked("a/film.mp4", maxTotalBytes)]);
    expect(large).toEqual({ ok: false, problem: expect.stringContaining("the largest is a/film.mp4") });
    const many = await readDropped(Array.from({ length: mostEntries + 1 }, (_, i) => locked(`a/${i}.pem`, 1)));
    expect(many).toEqual({ ok: false, problem: expect.stringContaining("more than 1,000 files and folders") });
  });

  test("is told of when there is nothing in it", async () => {
    expect(await readDropped([])).toEqual({ ok: false, problem: "There is no file in it." });
  });
});

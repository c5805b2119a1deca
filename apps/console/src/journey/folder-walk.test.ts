import { describe, expect, test } from "vitest";
import { type Dropped, type DroppedFile, findFiles, mostEntries, mostLevels } from "./folder-walk.ts";

const file = (path: string): DroppedFile => ({ kind: "file", path, open: async () => new File([], path) });

/** A folder as browsers tell it: in several parts. */
const folder = (path: string, ...batches: readonly (readonly Dropped[])[]): Dropped => ({
  kind: "folder",
  path,
  async *batches() {
    yield* batches;
  },
});

const unreadable = (path: string): Dropped => ({
  kind: "folder",
  path,
  batches: () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new DOMException("gone", "NotFoundError")) }),
  }),
});

const nested = (levels: number, path = "a"): Dropped =>
  levels === 0 ? file(`${path}/deep.pem`) : folder(path, [nested(levels - 1, `${path}/${levels}`)]);

const numbered = (count: number): readonly DroppedFile[] => Array.from({ length: count }, (_, i) => file(`a/${i}.pem`));

async function pathsIn(...dropped: readonly Dropped[]): Promise<readonly string[] | undefined> {
  return (await findFiles(dropped))?.files.map(({ path }) => path);
}

describe("a folder that is dropped", () => {
  test("gives the files in it and in the folders below, by their paths", async () => {
    const eu = folder("partners/eu", [file("partners/eu/10.pem")], [file("partners/eu/2.pem")]);
    expect(await pathsIn(folder("partners", [file("partners/root.pem"), eu]), file("one.pem"))).toEqual([
      "one.pem",
      "partners/eu/2.pem",
      "partners/eu/10.pem",
      "partners/root.pem",
    ]);
  });

  test("hidden files and folders are left out of it quietly", async () => {
    const git = folder("a/.git", [file("a/.git/config")]);
    const hidden = [file("a/.DS_Store"), file("a/Thumbs.db"), file("a/desktop.ini"), git];
    expect(await findFiles([folder("a", [...hidden, file("a/b.pem")])])).toMatchObject({
      files: [{ path: "a/b.pem" }],
      notRead: [],
    });
  });

  test("a hidden file that is dropped by itself is meant", async () => {
    expect(await pathsIn(file(".root.pem"))).toEqual([".root.pem"]);
  });

  test("is told of when it holds no file; an empty one further below is not", async () => {
    const found = await findFiles([folder("none", [folder("none/below")]), folder("a", [file("a/b"), folder("a/c")])]);
    expect(found?.notRead).toEqual([{ file: "none", why: "no-files" }]);
  });

  test("that cannot be read is told of, and the others are", async () => {
    const found = await findFiles([unreadable("gone"), folder("a", [unreadable("a/b"), file("a/c.pem")])]);
    expect(found?.files.map(({ path }) => path)).toEqual(["a/c.pem"]);
    expect(found?.notRead).toEqual([
      { file: "a/b", why: "unreadable" },
      { file: "gone", why: "unreadable" },
    ]);
  });

  test("is looked into as deep as the bound, and what lies deeper is told of", async () => {
    expect(await pathsIn(nested(mostLevels))).toHaveLength(1);
    const found = await findFiles([nested(mostLevels + 1)]);
    expect(found?.files).toEqual([]);
    expect(found?.notRead).toEqual([{ file: expect.stringMatching(/^a(\/\d)+$/), why: "too-deep" }]);
  });

  test("may hold as many as the bound, itself included, and not one more", async () => {
    expect(await pathsIn(folder("a", numbered(mostEntries - 1)))).toHaveLength(mostEntries - 1);
    expect(await findFiles([folder("a", numbered(mostEntries))])).toBeUndefined();
    expect(await findFiles(numbered(mostEntries + 1))).toBeUndefined();
  });

  test("is not read on when it holds too many", async () => {
    let batches = 0;
    const endless: Dropped = {
      kind: "folder",
      path: "a",
      async *batches() {
        for (;;) {
          batches += 1;
          yield numbered(100);
        }
      },
    };
    expect(await findFiles([endless])).toBeUndefined();
    expect(batches).toBe(mostEntries / 100);
  });
});

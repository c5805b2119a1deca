import { describe, expect, test } from "vitest";
import { importsOf } from "./imports-of.ts";

const value = (specifier: string) => [{ specifier, isTypeOnly: false }];
const type = (specifier: string) => [{ specifier, isTypeOnly: true }];

describe("reading the imports of a file", () => {
  test.each([
    ['import { a } from "./a.ts";', value("./a.ts")],
    ['import {\n  a,\n  type B,\n} from "./a.ts";', value("./a.ts")],
    ['import * as a from "a";', value("a")],
    ['import a, { b as $c } from "a";', value("a")],
    ['import type { A } from "./a.ts";', type("./a.ts")],
    ['import type * as A from "./a.ts";', type("./a.ts")],
    ['import "./a.css";', value("./a.css")],
    ['export { a } from "./a.ts";', value("./a.ts")],
    ['export * from "./a.ts";', value("./a.ts")],
    ['export * as a from "./a.ts";', value("./a.ts")],
    ['export type { A } from "./a.ts";', type("./a.ts")],
    ['export type * from "./a.ts";', type("./a.ts")],
    ['const a = await import("./a.ts");', value("./a.ts")],
    ['const page = lazy(() => import("./page.tsx"));', value("./page.tsx")],
    ['type A = import("./a.ts").A;', value("./a.ts")],
    ['import.meta.resolve("./a.ts")', value("./a.ts")],
  ])("%s", (text, imports) => expect(importsOf(text)).toEqual(imports));

  test.each([
    "const text = 'import { a } from \"./a.ts\"';",
    '// import { a } from "./a.ts";',
    ' * import { a } from "./a.ts";',
    'export const list = Array.from("a");',
    'export function from() {\n  return "./a.ts";\n}',
    'const url = new URL("./main.ts", import.meta.url);',
  ])("%s imports nothing", (text) => expect(importsOf(text)).toEqual([]));

  test("several statements are told apart", () => {
    const text = 'import type { A } from "a";\nimport { b } from "b";\nexport { c } from "c";\n';
    expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(["a", "b", "c"]);
  });
});

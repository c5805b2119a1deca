export type Import = {
  readonly specifier: string;
  /** Gone when the program runs. */
  readonly isTypeOnly: boolean;
};

const clauses = [
  /^import\s+(type\s+)?[\w$*{}\s,]+?\s*from\s*["']([^"']+)["']/gm,
  /^export\s+(type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*["']([^"']+)["']/gm,
  /^import\s*()["']([^"']+)["']/gm,
  /\bimport\s*()\(\s*["']([^"']+)["']\s*[,)]/g,
  /\bimport\.meta\.resolve()\(\s*["']([^"']+)["']\s*\)/g,
];

/**
 * What a file imports or re-exports, read by the form that the formatter gives it: statements start at the first column.
 * `import {type A, type B}` counts as an import of values, as it runs the other file.
 */
export function importsOf(text: string): readonly Import[] {
  return clauses.flatMap((clause) =>
    Array.from(text.matchAll(clause), ([, type, specifier]) => ({
      specifier: specifier ?? "",
      isTypeOnly: type !== undefined && type !== "",
    })),
  );
}

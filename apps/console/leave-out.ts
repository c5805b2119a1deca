import { readFileSync } from "node:fs";

/**
 * Leaves modules of a dependency out of the bundle that it hangs on its objects for others: what they export stays there by name, and
 * throws when somebody needs it after all.
 */
export function leaveOutModules(modules: RegExp) {
  return {
    name: "leave-out-modules",
    load(id: string): string | undefined {
      if (!modules.test(id)) return undefined;
      const names = exportedNames(readFileSync(id, "utf8"));
      const stub = `const unused = () => { throw new Error("left out of the console"); };`;
      return [stub, `export { ${names.map((name) => `unused as ${name}`).join(", ")} };`].join("\n");
    },
  };
}

function exportedNames(source: string): readonly string[] {
  const declared = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name = ""]) => name);
  const listed = [...source.matchAll(/^export \{ \w+ as (\w+) \};/gm)].map(([, name = ""]) => name);
  return [...declared, ...listed];
}

/** Leaves out what the members of these names say, in tables that are written one member a line: words for the documentation. */
export function leaveOutWords(modules: RegExp, members: readonly string[]) {
  const said = new RegExp(String.raw`^(\s+(?:${members.join("|")}):)\s+"(?:[^"\\]|\\.)*",$`, "gm");
  return {
    name: "leave-out-words",
    transform: (code: string, id: string): string | undefined =>
      modules.test(id) ? code.replaceAll(said, '$1 "",') : undefined,
  };
}

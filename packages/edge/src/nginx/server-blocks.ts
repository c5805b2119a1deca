import type { ConfigurationLine } from "../trust-files/engine-finding.ts";

export type ServerBlock = { readonly line: number; readonly lines: readonly ConfigurationLine[] };

export type Servers = { readonly servers: readonly ServerBlock[]; readonly outside: readonly ConfigurationLine[] };

/** The lines of each `server {}`, and those that stand in none. By braces, as a configuration is usually written: one directive a line. */
export function readServers(lines: readonly ConfigurationLine[]): Servers {
  const servers: { line: number; lines: ConfigurationLine[] }[] = [];
  const outside: ConfigurationLine[] = [];
  let depth = 0;
  for (const line of lines) {
    const opens = /^server\s*\{/.test(line.text);
    if (depth === 0 && opens) servers.push({ line: line.number, lines: [] });
    if (depth > 0 || opens) {
      depth += (line.text.match(/\{(?!\w)/g)?.length ?? 0) - (line.text.match(/(?<!\w)\}/g)?.length ?? 0);
      servers.at(-1)?.lines.push(line);
    } else outside.push(line);
  }
  return { servers, outside };
}

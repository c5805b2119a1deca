import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";

export type AgentBundle = {
  readonly code: string;
  /** What it is made of, by package: `apps/agent`, `packages/core`, `node_modules/zod`. */
  readonly packages: readonly string[];
  /** What it imports when it runs: modules of Node alone, or the package would need others. */
  readonly imports: readonly string[];
  /** The licences of what others wrote. */
  readonly notices: string;
};

/** The agent as one file that needs nothing but Node. */
export async function bundleAgent(repository: string): Promise<AgentBundle> {
  const build = await rolldown({
    cwd: repository,
    input: join(repository, "apps/agent/src/main.ts"),
    platform: "node",
  });
  try {
    const { output } = await build.generate({ format: "esm", codeSplitting: false });
    const [chunk, ...others] = output;
    if (others.length > 0)
      throw new Error(`the agent is more than one file: ${others.map(({ fileName }) => fileName).join(", ")}`);
    const packages = [
      ...new Set(chunk.moduleIds.flatMap((id) => packageOf(relative(repository, id)) ?? [])),
    ].toSorted();
    return { code: chunk.code, packages, imports: chunk.imports, notices: noticesOf(repository, packages) };
  } finally {
    await build.close();
  }
}

function packageOf(path: string): string | undefined {
  return /^(?:apps|packages)\/[^/]+|^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function noticesOf(repository: string, packages: readonly string[]): string {
  const foreign = packages.filter((name) => name.startsWith("node_modules/"));
  return foreign.map((name) => noticeOf(join(repository, name), name.slice("node_modules/".length))).join("\n");
}

function noticeOf(directory: string, name: string): string {
  const { version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    readonly version: string;
    readonly license: string;
  };
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? license : readFileSync(join(directory, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

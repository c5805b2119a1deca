import { join } from "node:path";
import { rolldown } from "rolldown";
import { noticesOf, packagesOf } from "../../apps/console/third-party.ts";

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
    const packages = packagesOf(repository, chunk.moduleIds);
    return { code: chunk.code, packages, imports: chunk.imports, notices: noticesOf(repository, packages) };
  } finally {
    await build.close();
  }
}

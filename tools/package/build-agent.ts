import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleAgent } from "./bundle-agent.ts";

/**
 * Makes the package of the agent: one program without dependencies, its systemd unit and how it is installed.
 * `node tools/package/build-agent.ts [directory]`, by default dist/tcm-agent.
 */
const repository = join(import.meta.dirname, "../..");
const directory = process.argv[2] ?? join(repository, "dist/tcm-agent");
const { version, license } = JSON.parse(readFileSync(join(repository, "apps/agent/package.json"), "utf8")) as {
  readonly version: string;
  readonly license: string;
};

/** Starts under every Node, to say which one is needed: the program itself fails there before its first line. */
const launcher = `#!/usr/bin/env node
if (Number(process.versions.node.split(".")[0]) >= 26) {
  await import("./agent.mjs");
} else {
  process.stderr.write(\`tcm-agent needs Node 26 or newer; this is \${process.version}. Put a newer Node on the PATH.\\n\`);
  process.exitCode = 2;
}
`;

const { code, notices } = await bundleAgent(repository);
rmSync(directory, { recursive: true, force: true });
mkdirSync(join(directory, "bin"), { recursive: true });
const program = join(directory, "bin/tcm-agent.mjs");
writeFileSync(program, launcher);
writeFileSync(join(directory, "bin/agent.mjs"), code);
chmodSync(program, 0o755);
for (const name of ["README.md", "tcm-agent.service", "tcm-agent-nginx.conf", "tcm-agent-port.conf"]) {
  copyFileSync(join(repository, "apps/agent/package", name), join(directory, name));
}
copyFileSync(join(repository, "LICENSE"), join(directory, "LICENSE"));
writeFileSync(join(directory, "THIRD-PARTY.txt"), notices);
const about = {
  name: "tcm-agent",
  version,
  description: "The agent of Trust Chain Manager: keeps one HAProxy, nginx or built-in edge at its signed manifest.",
  license,
  type: "module",
  bin: { "tcm-agent": "bin/tcm-agent.mjs" },
  engines: { node: ">=26" },
};
writeFileSync(join(directory, "package.json"), `${JSON.stringify(about, undefined, 2)}\n`);
process.stdout.write(`${directory}\n`);

#!/usr/bin/env node
// Plain JavaScript because it must also start under a Node that cannot read TypeScript: it hands over to the Node 26
// which npm installed beside the project, so that `tcm` works whatever `node` is on the PATH.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const REQUIRED_MAJOR = 26;
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= REQUIRED_MAJOR) {
  await import(main);
} else {
  const node = installedNode();
  if (node === undefined) {
    process.stderr.write(
      `tcm needs Node ${REQUIRED_MAJOR} or newer; this is ${process.version}. Run it as "npx tcm", or put a newer Node on the PATH.\n`,
    );
    process.exitCode = 2;
  } else {
    // The channel tells `start` when this process dies, however that happens; signals are handed on.
    const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: ["inherit", "inherit", "inherit", "ipc"] });
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("exit", (code) => (process.exitCode = code ?? 1));
  }
}

function installedNode() {
  const require = createRequire(import.meta.url);
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  for (const name of names) {
    try {
      return join(dirname(require.resolve(`${name}/package.json`)), "bin/node");
    } catch {
      // This platform's package is not installed; try the other name.
    }
  }
  return undefined;
}

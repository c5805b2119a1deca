import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Instance } from "../instance.ts";
import { mustRun } from "../run-command.ts";

const agentMain = resolve(import.meta.dirname, "../../../apps/agent/src/main.ts");

/** Makes this machine a node of staging, as an operator does, and writes who it is where its agent looks. */
export async function enrolNode(
  instance: Instance,
  { nodeId, engine }: { readonly nodeId: string; readonly engine: "built-in" | "haproxy" | "nginx" },
  identityFile: string,
): Promise<void> {
  const token = await instance.tcm("edge", "token", "--network", "staging", "--engine", engine, "--node", nodeId);
  writeFileSync(`${identityFile}.token`, token, { mode: 0o600 });
  const tokenFile = `${identityFile}.token`;
  await mustRun(process.execPath, [agentMain, "enrol", "--identity", identityFile, "--token-file", tokenFile]);
}

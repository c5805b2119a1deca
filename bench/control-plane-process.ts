import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { controlPlaneMain } from "@tcm/control-plane";
import { freePorts } from "@tcm/testkit";

/** The control plane alone, as a process, on a data directory that is kept. */
export type ControlPlaneProcess = { readonly url: string; readonly processId: number; stop(): Promise<void> };

/** Resolves when it is ready. */
export async function startControlPlane(
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ControlPlaneProcess> {
  const [port, nodePort] = await freePorts(2);
  const args = ["--data", directory, "--port", `${port}`, "--node-port", `${nodePort}`];
  const child: ChildProcess = fork(fileURLToPath(controlPlaneMain), args, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...process.env, ...env },
  });
  await once(child, "message");
  return {
    url: `http://127.0.0.1:${port}`,
    processId: child.pid ?? 0,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

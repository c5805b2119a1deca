import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { controlPlaneMain } from "@tcm/control-plane";
import { freePorts } from "@tcm/testkit";

/** The control plane alone, as a process, on a data directory that is kept. */
export type ControlPlaneProcess = {
  readonly url: string;
  readonly nodeUrl: string;
  /** Identity files of its own nodes. */
  readonly identities: Readonly<Partial<Record<"STAGING" | "PRODUCTION", string>>>;
  readonly processId: number;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
};

export type ControlPlaneOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of free ones: API, nodes. */
  readonly ports?: readonly number[];
  readonly args?: readonly string[];
};

/** Resolves when it is ready. */
export async function startControlPlane(
  directory: string,
  { env = {}, ports, args: more = [] }: ControlPlaneOptions = {},
): Promise<ControlPlaneProcess> {
  const [port, nodePort] = ports ?? (await freePorts(2));
  const args = ["--data", directory, "--port", `${port}`, "--node-port", `${nodePort}`, ...more];
  const child: ChildProcess = fork(fileURLToPath(controlPlaneMain), args, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...process.env, ...env },
  });
  const died = once(child, "exit").then(() => Promise.reject(new Error("the control plane did not start")));
  const [ready] = (await Promise.race([once(child, "message"), died])) as [Pick<ControlPlaneProcess, "identities">];
  return {
    url: `http://127.0.0.1:${port}`,
    nodeUrl: `http://127.0.0.1:${nodePort}`,
    identities: ready.identities,
    processId: child.pid ?? 0,
    stop: async (signal = "SIGTERM") => {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

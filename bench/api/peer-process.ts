import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type Peer = {
  /** From now on `get` answers with this JSON text, decoded and encoded again. */
  readonly keep: (name: string, json: string) => Promise<void>;
  readonly get: (name: string) => Promise<Response>;
  readonly stop: () => Promise<void>;
};

/** A bare Fastify in a process of its own, as the control plane is one. */
export async function startPeer(): Promise<Peer> {
  const file = fileURLToPath(new URL("./peer.ts", import.meta.url));
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [url] = (await once(child, "message")) as [string];
  return {
    keep: async (name, body) => {
      const headers = { "content-type": "application/json" };
      await fetch(`${url}/${name}`, { method: "POST", headers, body });
    },
    get: (name) => fetch(`${url}/${name}`),
    stop: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../client/connection.ts";
import { createInstance } from "../start/instance.ts";
import { createToken } from "../store/create-token.ts";

export type TemporaryInstance = {
  readonly connection: Connection;
  readonly serverCaFile: string;
  /** Ends its processes and removes everything that it wrote. */
  end(): Promise<void>;
};

/** A control plane and two edges of its own, on free ports, in a directory that goes away with them. */
export async function openTemporaryInstance(say: (text: string) => void): Promise<TemporaryInstance> {
  const data = await mkdtemp(join(tmpdir(), "tcm-demo-"));
  const ports = { api: 0, node: 0, staging: 0, production: 0 };
  const ownStore = { database: undefined, drainMs: 1_000, controlPlane: [], secrets: {} };
  const options = { data, ports, upstreams: [], serverCertificate: undefined, edges: true, ...ownStore };
  const instance = createInstance(options, say);
  const end = async (): Promise<void> => {
    await instance.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const { api: url } = await instance.start();
    const store = { data, database: undefined, environment: process.env };
    const connection = { url, credential: { token: await createToken(store, "admin") } };
    return { connection, serverCaFile: join(data, "local-ca", "ca.pem"), end };
  } catch (error) {
    await end();
    throw error;
  }
}

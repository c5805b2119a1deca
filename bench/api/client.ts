import { createToken } from "../../apps/control-plane/src/operations/api-token.ts";
import { openExistingStore } from "../../apps/control-plane/src/store/open-store.ts";

const base = "/mtls-edge-truststore/v2";

/** A benchmark is one actor who asks much. */
export const unlimited = { TCM_LIMITS: "requestsPerMinute=1000000000" };

export type Ask = (method: string, path: string, body?: unknown) => Promise<Response>;

export function asker(url: string, token: string): Ask {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (method, path, body) =>
    fetch(`${url}${base}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** Of an administrator. Each run makes one: their number is not what is measured. */
export async function benchToken(directory: string, database?: string): Promise<string> {
  const store = await openExistingStore(directory, database);
  try {
    return await createToken(store.db, Date.now, "admin", "bench");
  } finally {
    await store.close();
  }
}

/** Ends the benchmark with what the server said instead. */
export async function must(response: Response, status: number): Promise<void> {
  if (response.status !== status) throw new Error(`answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

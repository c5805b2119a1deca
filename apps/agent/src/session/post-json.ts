import type { ClientHttp2Session } from "node:http2";

export type PostOptions = { readonly maxBytes: number; readonly timeoutMs: number };

/** `body`: undefined when it is longer than `maxBytes`. */
export type Posted = { readonly status: number; readonly body: Buffer | undefined };

/** One request on the session's connection. Throws when there is no whole answer in time. */
export async function postJson(
  client: ClientHttp2Session,
  path: string,
  body: unknown,
  { maxBytes, timeoutMs }: PostOptions,
): Promise<Posted> {
  const request = { ":method": "POST", ":path": path, "content-type": "application/json" };
  const stream = client.request(request, { signal: AbortSignal.timeout(timeoutMs) });
  let status = 0;
  stream.once("response", (answer) => {
    status = answer[":status"] ?? 0;
  });
  stream.end(JSON.stringify(body));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return { status, body: undefined };
    chunks.push(chunk);
  }
  if (stream.aborted || stream.rstCode !== 0) throw new Error("the answer broke off");
  return { status, body: Buffer.concat(chunks) };
}

import type { ServerHttp2Stream } from "node:http2";
import type { NodeRefusal } from "@tcm/api-contract";
import { nodeRefusalOf } from "./node-peer.ts";

/** Everything but a session is a small JSON document each way. */
export function answerJson(stream: ServerHttp2Stream, status: number, body: unknown): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": status, "content-type": "application/json" });
  stream.end(JSON.stringify(body));
}

export function refuseNode(stream: ServerHttp2Stream, code: NodeRefusal["code"]): void {
  answerJson(stream, code === "too-many-attempts" ? 429 : 401, nodeRefusalOf(code));
}

/** Without words: what no agent of ours asks for. */
export function refuse(stream: ServerHttp2Stream, status: number): void {
  if (!stream.destroyed) stream.respond({ ":status": status }, { endStream: true });
}

/** Undefined when it is too long. Leaving an async iteration early would reset the stream, and the node would not learn why. */
export function readBody(stream: ServerHttp2Stream, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) resolve(undefined);
      else chunks.push(chunk);
    });
    stream.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    stream.on("close", () => resolve(undefined));
  });
}

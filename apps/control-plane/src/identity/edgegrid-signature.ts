import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { EdgegridHeader } from "./edgegrid-header.ts";

/** What a signature covers besides its header. */
export type SignedRequest = {
  readonly method: string;
  /** Scheme, host and port that the client was given, and not what it says in a header. */
  readonly publicUrl: string;
  /** As on the request line, escapes and query included. */
  readonly path: string;
  readonly body: Buffer;
};

/** Clients hash no more of a body: the convention of `.edgerc`. */
const maxBody = 131_072;

/** Whether the secret made the signature. Compared in constant time. */
export function isSignedBy(secret: string, header: EdgegridHeader, request: SignedRequest): boolean {
  const key = createHmac("sha256", secret).update(header.timestamp).digest("base64");
  const { protocol, host } = new URL(request.publicUrl);
  let isSigned = false;
  for (const contentHash of contentHashes(request)) {
    const data = [request.method, protocol.slice(0, -1), host, request.path, "", contentHash, header.signed].join("\t");
    const expected = createHmac("sha256", key).update(data).digest();
    isSigned = timingSafeEqual(expected, header.signature) || isSigned;
  }
  return isSigned;
}

/**
 * Only the body of a POST is signed. A long one is cut, and clients differ in what they count: bytes, or units of UTF-16. Either
 * covers the same beginning.
 */
function contentHashes({ method, body }: SignedRequest): readonly string[] {
  if (method !== "POST" || body.length === 0) return [""];
  const hashOf = (content: Buffer | string): string => createHash("sha256").update(content).digest("base64");
  if (body.length <= maxBody) return [hashOf(body)];
  return [hashOf(body.subarray(0, maxBody)), hashOf(body.toString("utf8").substring(0, maxBody))];
}

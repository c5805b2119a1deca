import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2";
import { certificatesResponse } from "@tcm/api-contract";
import { maxCertificateBytes } from "@tcm/core";
import type { FetchedCertificates } from "../entries/obtain-content.ts";
import { words } from "../start-error.ts";

/** One certificate as base64 with its fingerprint, quotes and commas. */
const maxBytesEach = Math.ceil(maxCertificateBytes / 3) * 4 + 80;

/** Asks for certificates by SHA-256 on the session's connection. The bytes that come are not checked here. */
export async function fetchCertificates(
  client: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  fingerprints: readonly string[],
  timeoutMs: number,
): Promise<FetchedCertificates> {
  try {
    const body = await post(
      client,
      headers,
      JSON.stringify({ fingerprints }),
      1_024 + fingerprints.length * maxBytesEach,
      timeoutMs,
    );
    const answer = certificatesResponse.safeParse(JSON.parse(body.toString("utf8")));
    if (!answer.success) return { ok: false, detail: "The control plane's answer holds no certificates." };
    const certificates = Object.entries(answer.data.certificates);
    return { ok: true, certificates: new Map(certificates.map(([fingerprint, der]) => [fingerprint, bytesOf(der)])) };
  } catch (error) {
    return { ok: false, detail: `The certificates could not be fetched: ${words(error)}` };
  }
}

/** Copied out of the pool that Node cuts small buffers from, since certificates are kept. */
function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

async function post(
  client: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string,
  maxBytes: number,
  timeoutMs: number,
): Promise<Buffer> {
  const path = "/node/v1/certificates";
  const signal = AbortSignal.timeout(timeoutMs);
  const stream = client.request(
    { ...headers, ":method": "POST", ":path": path, "content-type": "application/json" },
    { signal },
  );
  let status = 0;
  stream.once("response", (answer) => {
    status = answer[":status"] ?? 0;
  });
  stream.end(body);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (stream.aborted || stream.rstCode !== 0) throw new Error("the answer broke off");
  if (status !== 200) throw new Error(`the control plane answered ${status}`);
  return Buffer.concat(chunks);
}

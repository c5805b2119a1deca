import type { ClientHttp2Session } from "node:http2";
import { certificatesResponse } from "@tcm/api-contract";
import { maxCertificateBytes } from "@tcm/core";
import type { FetchedCertificates } from "../entries/obtain-content.ts";
import { words } from "../start-error.ts";
import { postJson } from "./post-json.ts";

/** One certificate of the largest size as base64, with its fingerprint, quotes and commas; and room for one that is too large. */
const maxBytesEach = Math.ceil(maxCertificateBytes / 3) * 4 + 80;
const maxBytesBeside = 1024 * 1024;

/** Asks for certificates by SHA-256 on the session's connection. The bytes that come are not checked here. */
export async function fetchCertificates(
  client: ClientHttp2Session,
  fingerprints: readonly string[],
  timeoutMs: number,
): Promise<FetchedCertificates> {
  const maxBytes = maxBytesBeside + fingerprints.length * maxBytesEach;
  try {
    const { status, body } = await postJson(client, "/node/v1/certificates", { fingerprints }, { maxBytes, timeoutMs });
    if (status !== 200) throw new Error(`the control plane answered ${status}`);
    return body === undefined ? unusable(`is longer than ${maxBytes} bytes`) : readAnswer(body);
  } catch (error) {
    return { ok: false, because: "away", detail: `The certificates could not be fetched: ${words(error)}` };
  }
}

function readAnswer(body: Buffer): FetchedCertificates {
  try {
    const answer = certificatesResponse.safeParse(JSON.parse(body.toString("utf8")));
    if (!answer.success) return unusable("holds no certificates");
    const certificates = Object.entries(answer.data.certificates);
    return { ok: true, certificates: new Map(certificates.map(([fingerprint, der]) => [fingerprint, bytesOf(der)])) };
  } catch {
    return unusable("is not JSON");
  }
}

function unusable(fault: string): FetchedCertificates {
  return {
    ok: false,
    because: "unusable",
    detail: `The control plane's answer to a request for certificates ${fault}.`,
  };
}

/** Copied out of the pool that Node cuts small buffers from, since certificates are kept. */
function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

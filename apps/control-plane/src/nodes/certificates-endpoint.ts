import type { ServerHttp2Stream } from "node:http2";
import { type CertificatesRequest, certificatesRequest } from "@tcm/api-contract";
import type { AuthenticatedNode } from "../operations/enrol-node.ts";
import type { Store } from "../store/store.ts";
import { readBody } from "./answer-node.ts";
import type { ManifestCache } from "./manifest-cache.ts";

/** 300 fingerprints as JSON are 20 kB. */
const maxBodyBytes = 64 * 1024;

/** Certificates by SHA-256, of those that the manifest of the node's network names. What is not named there is not told apart from unknown. */
export async function answerCertificates(
  stream: ServerHttp2Stream,
  node: AuthenticatedNode,
  { db }: Store,
  manifest: ManifestCache,
): Promise<void> {
  const request = await readRequest(stream);
  if (stream.destroyed) return;
  if (request === undefined) return stream.respond({ ":status": 400 }, { endStream: true });
  const named = request.fingerprints.filter((fingerprint) => manifest.names(node.network, fingerprint));
  const rows =
    named.length === 0
      ? []
      : await db.selectFrom("certificates").select(["fingerprint", "der"]).where("fingerprint", "in", named).execute();
  const certificates = Object.fromEntries(rows.map(({ fingerprint, der }) => [fingerprint, der]));
  if (stream.destroyed) return;
  stream.respond({ ":status": 200, "content-type": "application/json" });
  stream.end(JSON.stringify({ certificates }));
}

async function readRequest(stream: ServerHttp2Stream): Promise<CertificatesRequest | undefined> {
  const body = await readBody(stream, maxBodyBytes);
  try {
    return certificatesRequest.safeParse(JSON.parse(body ?? "")).data;
  } catch {
    return undefined;
  }
}

import type { ServerHttp2Stream } from "node:http2";
import { type CertificatesRequest, certificatesRequest } from "@tcm/api-contract";
import type { AuthenticatedNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Store } from "../store/store.ts";
import { readBody } from "./answer-node.ts";
import type { ManifestCache } from "./manifest-cache.ts";

/** 300 fingerprints as JSON are 20 kB. */
const maxBodyBytes = 64 * 1024;

/** Certificates by SHA-256, of those that the manifest of the node's network names. What is not named there is not told apart from unknown. */
export async function answerCertificates(
  stream: ServerHttp2Stream,
  node: AuthenticatedNode,
  store: Store,
  manifest: ManifestCache,
): Promise<void> {
  const request = await readRequest(stream);
  if (stream.destroyed) return;
  if (request === undefined) return stream.respond({ ":status": 400 }, { endStream: true });
  const named = request.fingerprints.filter((fingerprint) => manifest.names(node.network, fingerprint));
  const { body } = await answerFor(named, store);
  if (stream.destroyed) return;
  stream.respond({ ":status": 200, "content-type": "application/json" });
  stream.end(body);
}

/** After a change all nodes of a network lack the same: 300 certificates are 300 kB. */
const maxAnswers = 8;

/** Bytes, which all connections share while they send them: of a string each would make its own. */
type Answer = { readonly body: Buffer; readonly isWhole: boolean };

const answers = new WeakMap<Store, Map<string, Promise<Answer>>>();

/** Read once for all nodes that ask alike. What has a hash for its name never changes. */
function answerFor(fingerprints: readonly string[], store: Store): Promise<Answer> {
  const ofStore = answers.get(store) ?? new Map<string, Promise<Answer>>();
  answers.set(store, ofStore);
  const key = fingerprints.join();
  const known = ofStore.get(key);
  if (known !== undefined) return known;
  const answer = readAnswer(fingerprints, store);
  ofStore.set(key, answer);
  const forget = () => ofStore.delete(key);
  answer.then(({ isWhole }) => isWhole || forget(), forget);
  const [oldest] = ofStore.keys();
  if (ofStore.size > maxAnswers && oldest !== undefined) ofStore.delete(oldest);
  return answer;
}

async function readAnswer(fingerprints: readonly string[], { db }: Store): Promise<Answer> {
  const rows =
    fingerprints.length === 0
      ? []
      : await db
          .selectFrom("certificates")
          .select(["fingerprint", "der"])
          .where("fingerprint", "in", fingerprints)
          .execute();
  const certificates = Object.fromEntries(rows.map(({ fingerprint, der }) => [fingerprint, der]));
  return { body: Buffer.from(JSON.stringify({ certificates })), isWhole: rows.length === fingerprints.length };
}

async function readRequest(stream: ServerHttp2Stream): Promise<CertificatesRequest | undefined> {
  const body = await readBody(stream, maxBodyBytes);
  try {
    return certificatesRequest.safeParse(JSON.parse(body ?? "")).data;
  } catch {
    return undefined;
  }
}

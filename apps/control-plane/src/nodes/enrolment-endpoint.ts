import type { ServerHttp2Stream } from "node:http2";
import {
  type EnrolmentResponse,
  enrolmentRequest,
  maxEnrolmentBytes,
  type NodeRefusal,
  renewalRequest,
} from "@tcm/api-contract";
import { addressGroup, parseCertificateRequest } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { issueNodeCertificate } from "../keys/node-certificate.ts";
import { openRateLimiter } from "../limits/rate-limiter.ts";
import { renewNode } from "../operations/enrol-node.ts";
import { redeemJoinToken } from "../operations/join-token.ts";
import { answerJson, readBody, refuseNode } from "./answer-node.ts";
import type { ConnectedNode } from "./node-peer.ts";
import type { NodeServerOptions } from "./node-server.ts";

/** Lets new nodes in. */
export type Enrolments = { answer(stream: ServerHttp2Stream): Promise<void> };

/** Of one address. A secret of 256 bits is not guessed: this bounds the work and what is written on the record. */
const attemptsPerMinute = 30;
const attemptsOfAllPerMinute = 600;

/** `urls`: where new nodes are told to come. */
export function openEnrolments(options: NodeServerOptions, urls: () => readonly string[]): Enrolments {
  const { context, log } = options;
  const [ofAddress, ofAll] = [openRateLimiter(attemptsPerMinute), openRateLimiter(attemptsOfAllPerMinute)];
  const isTooMany = (address: string): boolean =>
    !ofAddress.take(addressGroup(address), context.clock()).isAllowed || !ofAll.take("", context.clock()).isAllowed;
  return {
    answer: async (stream) => {
      const address = stream.session?.socket.remoteAddress ?? "";
      const answer = isTooMany(address) ? "too-many-attempts" : await enrol(stream, options, address, urls);
      if (typeof answer !== "string") return answerJson(stream, 201, answer);
      log.warn({ address, code: answer }, "a node was not let in");
      return refuseNode(stream, answer);
    },
  };
}

/** The request is looked at first: one that could not be answered uses up no token. */
async function enrol(
  stream: ServerHttp2Stream,
  { context, authorities, signingKeys, certificateLifetimeMs: lifetimeMs, log }: NodeServerOptions,
  address: string,
  urls: () => readonly string[],
): Promise<EnrolmentResponse | NodeRefusal["code"]> {
  const request = await readRequest(stream, enrolmentRequest);
  const spki = request && publicKeyOf(request.certificateRequest);
  if (request === undefined || spki === undefined) return "certificate-request-unusable";
  const from = context.clock();
  const enrolment = await redeemJoinToken(context, request.secret, { lifetimeMs, address });
  if (enrolment === undefined) return "join-token-refused";
  const { nodeId, network, notAfter } = enrolment;
  const certificate = issueNodeCertificate(authorities, enrolment, spki, { from, notAfter });
  const { keyId, spki: signingSpki } = signingKeys[network];
  log.info({ nodeId, network, address }, "node enrolled");
  return { nodeId, network, certificate, controlPlaneUrls: [...urls()], signingKeys: [{ keyId, spki: signingSpki }] };
}

/** A certificate for a new key; the one that the node shows stays good until its end. */
export async function answerRenewal(
  stream: ServerHttp2Stream,
  node: ConnectedNode,
  { context, authorities, certificateLifetimeMs, log }: NodeServerOptions,
): Promise<void> {
  const request = await readRequest(stream, renewalRequest);
  const spki = request && publicKeyOf(request.certificateRequest);
  if (spki === undefined) return refuseNode(stream, "certificate-request-unusable");
  const from = context.clock();
  const notAfter = await renewNode(context.store, context.clock, node, certificateLifetimeMs);
  if (notAfter === undefined) return refuseNode(stream, "node-unknown");
  log.info({ nodeId: node.nodeId, notAfter: new Date(notAfter).toISOString() }, "node certificate renewed");
  return answerJson(stream, 200, {
    certificate: issueNodeCertificate(authorities, node, spki, { from, notAfter }),
  });
}

async function readRequest<T>(
  stream: ServerHttp2Stream,
  schema: { safeParse(value: unknown): { readonly data?: T | undefined } },
): Promise<T | undefined> {
  const body = await readBody(stream, maxEnrolmentBytes);
  try {
    return schema.safeParse(JSON.parse(body ?? "")).data;
  } catch {
    return undefined;
  }
}

/** SubjectPublicKeyInfo; undefined for a request that is none, or does not prove that its sender has the key. */
function publicKeyOf(request: string): Uint8Array | undefined {
  const parsed = parseCertificateRequest(Buffer.from(request, "base64"), nodeCrypto);
  return parsed.ok ? parsed.publicKey.der : undefined;
}

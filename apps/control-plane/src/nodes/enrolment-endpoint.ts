import { createPublicKey, X509Certificate } from "node:crypto";
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
import { openRateLimiter, type Turn } from "../limits/rate-limiter.ts";
import { recordRefusedJoin, redeemJoinToken } from "../operations/edge-nodes/join-token.ts";
import { renewNode } from "../operations/edge-nodes/renew-node.ts";
import { answerJson, readBody, refuseNode } from "./answer-node.ts";
import { type ConnectedNode, fingerprintOf } from "./node-peer.ts";
import type { NodeServerOptions } from "./node-server.ts";

/** Lets new nodes in. */
export type Enrolments = { answer(stream: ServerHttp2Stream): Promise<void> };

/** Of one address. A secret of 256 bits is not guessed: this bounds the work. */
const attemptsPerMinute = 30;
const attemptsOfAllPerMinute = 600;
/** Refusals, of one address and of all: who has no token does not fill the record. The log has every one. */
const recordedPerHour = 20;
const recordedOfAllPerHour = 200;
const hourMs = 3_600_000;

/** `urls`: where new nodes are told to come. */
export function openEnrolments(options: NodeServerOptions, urls: () => readonly string[]): Enrolments {
  const { context, log } = options;
  const attempts = [openRateLimiter(attemptsPerMinute), openRateLimiter(attemptsOfAllPerMinute)] as const;
  const records = [openRateLimiter(recordedPerHour, hourMs), openRateLimiter(recordedOfAllPerHour, hourMs)] as const;
  /** Undefined: beyond one of the two. */
  const takeBoth = ([ofAddress, ofAll]: typeof attempts, address: string): readonly Turn[] | undefined => {
    const own = ofAddress.take(addressGroup(address), context.clock());
    const all = own.isAllowed ? ofAll.take("", context.clock()) : own;
    return all.isAllowed ? [own, all] : undefined;
  };
  const record = async (address: string): Promise<void> => {
    const turns = takeBoth(records, address);
    if (turns === undefined) return;
    const isLast = turns.some(({ remaining }) => remaining === 0);
    await recordRefusedJoin(context, address, isLast);
  };
  return {
    answer: async (stream) => {
      const address = addressOf(stream);
      const isAllowed = takeBoth(attempts, address) !== undefined;
      const answer = isAllowed ? await enrol(stream, options, address, urls) : "too-many-attempts";
      if (typeof answer !== "string") return answerJson(stream, 201, answer);
      log.warn({ address, code: answer }, "a node was not let in");
      if (answer === "join-token-refused") await record(address);
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
  // Another process may have given the network another key a moment ago: the node must not pin the one before.
  await signingKeys.refresh(network);
  const { keyId, spki: signingSpki } = signingKeys[network];
  log.info({ nodeId, network, address }, "node enrolled");
  return { nodeId, network, certificate, controlPlaneUrls: [...urls()], signingKeys: [{ keyId, spki: signingSpki }] };
}

export type Renewals = { answer(stream: ServerHttp2Stream, node: ConnectedNode): Promise<void> };

/** By one certificate: once in its life would do, and an answer may get lost. */
const renewalsPerHour = 6;
/** More than who has a certificate from before can use up for it; each one is on the audit record, and each gives a new certificate. */
const renewalsPerHourOfNode = 30;

/** A certificate for a new key; the one that the node shows stays good until its end. */
export function openRenewals(options: NodeServerOptions): Renewals {
  const { context, log } = options;
  const ofCertificate = openRateLimiter(renewalsPerHour, hourMs);
  const ofNode = openRateLimiter(renewalsPerHourOfNode, hourMs);
  const isAllowed = ({ fingerprint, enrolmentId }: ConnectedNode, now: number): boolean =>
    ofCertificate.take(fingerprint, now).isAllowed && ofNode.take(enrolmentId, now).isAllowed;
  return {
    answer: async (stream, node) => {
      const address = addressOf(stream);
      const request = await readRequest(stream, renewalRequest);
      const spki = request && publicKeyOf(request.certificateRequest);
      // The same key once more would be the old certificate with a later end.
      if (spki === undefined || isKeyOf(node, spki)) return refuseNode(stream, "certificate-request-unusable");
      if (!isAllowed(node, context.clock())) return refuseNode(stream, "too-many-attempts");
      const { certificate, outcome } = await renew(options, node, spki, address);
      const about = { nodeId: node.nodeId, address };
      if (outcome === "certificate-superseded")
        log.error(about, "a certificate from before was shown to renew it: the node's identity is in two hands");
      if (outcome !== "renewed") return refuseNode(stream, outcome);
      log.info(about, "node certificate renewed");
      return answerJson(stream, 200, { certificate });
    },
  };
}

/** However it is encoded. */
function isKeyOf({ publicKey }: ConnectedNode, spki: Uint8Array): boolean {
  return publicKey.equals(createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }));
}

/** `certificate`: PEM, of use only when it was renewed. */
async function renew(
  { context, authorities, certificateLifetimeMs }: NodeServerOptions,
  node: ConnectedNode,
  spki: Uint8Array,
  address: string,
) {
  const from = context.clock();
  const notAfter = from + certificateLifetimeMs;
  const certificate = issueNodeCertificate(authorities, node, spki, { from, notAfter });
  const next = { fingerprint: fingerprintOf(new X509Certificate(certificate)), notAfter };
  const shown = { fingerprint: node.fingerprint, notAfter: node.certificateNotAfter };
  return { certificate, outcome: await renewNode(context.store, context.clock, { node, shown, next, address }) };
}

function addressOf({ session }: ServerHttp2Stream): string {
  return session?.socket.remoteAddress ?? "";
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

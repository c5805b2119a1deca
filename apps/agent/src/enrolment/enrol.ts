import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  decodeJoinToken,
  type EnrolmentResponse,
  enrolmentResponse,
  type JoinToken,
  type NodeIdentity,
  nodeRefusal,
} from "@tcm/api-contract";
import { createCertificateRequest, generateKeyPair, privateKeyPem } from "@tcm/node-crypto";
import { readCertificate } from "../identity/node-certificate.ts";
import { connectionFault, connectSecurely } from "../session/connect-securely.ts";
import { postJson } from "../session/post-json.ts";
import { StartError, words } from "../start-error.ts";
import { fetchPinnedCa } from "./pinned-ca.ts";

const maxAnswerBytes = 64 * 1024;

export type EnrolOptions = {
  readonly timeoutMs: number;
  /** Before the token is shown to the control plane that it names: from then on it may be used up. */
  readonly beforeShowing?: () => Promise<void>;
};

/** The control plane answered, and has not let the node in. */
export class EntryRefused extends StartError {}

/**
 * Makes a key and has the control plane of the token certify it. The key never leaves this process but into the identity. Throws
 * a StartError that says what to do; once the token has been shown to the control plane, that is to make a new one.
 */
export async function enrol(tokenText: string, options: EnrolOptions): Promise<NodeIdentity> {
  const token = decodeJoinToken(tokenText.trim());
  if (token === undefined) throw new StartError('This is not a whole join token. Make one with "tcm edge token".');
  const failures: string[] = [];
  for (const url of token.urls) {
    const controlPlaneCa = await findControlPlane(url, token, options.timeoutMs).catch((error: unknown) => {
      failures.push(`${url}: ${words(error)}`);
      return undefined;
    });
    // From here on the token may be used up: no other address is tried with it.
    if (controlPlaneCa !== undefined) return join(url, token, controlPlaneCa, options);
  }
  throw new StartError(`The control plane of the token cannot be reached. ${failures.join(". ")}.`);
}

async function findControlPlane(url: string, { ca }: JoinToken, timeoutMs: number): Promise<string> {
  const found = await fetchPinnedCa(new URL(url), ca, timeoutMs);
  if (found !== undefined) return found;
  throw new Error("what answers there is not the control plane of the token. Nothing was told to it");
}

async function join(url: string, { secret }: JoinToken, controlPlaneCa: string, options: EnrolOptions) {
  const pair = generateKeyPair("p256");
  const certificateRequest = Buffer.from(createCertificateRequest(pair)).toString("base64");
  const answer = await send(url, controlPlaneCa, { secret, certificateRequest }, options);
  const { controlPlaneUrls, ...given } = answer;
  const privateKey = privateKeyPem(pair.privateKey);
  const others = controlPlaneUrls.filter((other) => other !== url);
  const where = { controlPlaneUrl: url, ...(others.length > 0 && { controlPlaneUrls: others }), controlPlaneCa };
  const identity: NodeIdentity = { ...given, ...where, privateKey, enrolmentId: randomUUID() };
  if (readCertificate(identity) !== undefined) return identity;
  throw usedUp("The control plane's answer is not a certificate for the key of this node.");
}

async function send(
  url: string,
  controlPlaneCa: string,
  body: unknown,
  { timeoutMs, beforeShowing }: EnrolOptions,
): Promise<EnrolmentResponse> {
  const client = connectSecurely(url, { controlPlaneCa });
  client.on("error", () => undefined);
  try {
    await once(client, "connect", { signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    client.destroy();
    throw new StartError(`${url}: ${error instanceof Error ? connectionFault(error) : String(error)}.`);
  }
  try {
    await beforeShowing?.();
    const limits = { maxBytes: maxAnswerBytes, timeoutMs };
    const { status, body: answer } = await postJson(client, "/node/v1/enrolment", body, limits);
    return readAnswer(status, answer?.toString("utf8") ?? "");
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw usedUp(`The control plane's answer did not come: ${words(error)}.`);
  } finally {
    client.destroy();
  }
}

function readAnswer(status: number, text: string): EnrolmentResponse {
  const value: unknown = JSON.parse(text);
  if (status === 201) return enrolmentResponse.parse(value);
  const { code, detail } = nodeRefusal.parse(value);
  throw new EntryRefused(`The control plane did not let this node in (${code}): ${detail}`);
}

export function usedUp(what: string): StartError {
  return new StartError(
    `${what} The join token may be used up: make a new one with "tcm edge token", for the same node, and run this again.`,
  );
}

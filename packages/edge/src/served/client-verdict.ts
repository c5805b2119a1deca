import {
  type Certificate,
  type CryptoPort,
  edgePathLimits,
  type PathProblemCode,
  pathProblemFacts,
  type UnixSeconds,
  type VerifiedPath,
  validatePath,
} from "@tcm/core";
import type { PresentedChain } from "./presented-chain.ts";
import type { ServedSet } from "./served-state.ts";

export type RefusalCode =
  | PathProblemCode
  | "client-certificate-missing"
  | "client-certificate-malformed"
  | "ca-set-not-active";

/** Whether a client is one of those the set vouches for. What the edge does about it depends on the site's mode. */
export type ClientVerdict =
  | { readonly accepted: true; readonly path: VerifiedPath; readonly validUntil: UnixSeconds }
  | { readonly accepted: false; readonly code: RefusalCode; readonly detail: string };

/** Our path engine alone decides; what the TLS library thinks of the certificate is never asked. */
export function decideClient(
  presented: PresentedChain,
  set: ServedSet | undefined,
  time: UnixSeconds,
  crypto: CryptoPort,
): ClientVerdict {
  if (set === undefined) return refuse("ca-set-not-active");
  switch (presented.kind) {
    case "none":
      return refuse("client-certificate-missing");
    case "malformed":
      return refuse("client-certificate-malformed", `certificate ${presented.position}: ${presented.detail}`);
    case "too-large":
      return refuse("budget-presented", presented.detail);
    case "certificates":
      return decideChain(presented.certificates, set, time, crypto);
  }
}

function decideChain(
  presented: readonly [Certificate, ...Certificate[]],
  set: ServedSet,
  time: UnixSeconds,
  crypto: CryptoPort,
): ClientVerdict {
  const limits = edgePathLimits;
  const request = {
    presented,
    anchors: set.index,
    time,
    purpose: "clientAuth",
    profile: "compat",
    limits,
    crypto,
  } as const;
  const result = validatePath(request);
  if (result.verdict === "accepted") {
    const validUntil = Math.min(...result.path.certificates.map(({ notAfter }) => notAfter));
    return { accepted: true, path: result.path, validUntil };
  }
  // `undetermined` is refused like the rest: no verdict is no trust.
  const { code, index, expected, actual } = result.reason;
  const facts = [`certificate ${index} of the path`, expected && `expected ${expected}`, actual && `found ${actual}`];
  return refuse(code, facts.filter(Boolean).join(", "));
}

function refuse(code: RefusalCode, detail = ""): ClientVerdict {
  return { accepted: false, code, detail };
}

const ownSentences: Readonly<Record<Exclude<RefusalCode, PathProblemCode>, string>> = {
  "client-certificate-missing": "This hostname needs a client certificate, and the client sent none.",
  "client-certificate-malformed": "A certificate that the client sent is not well-formed DER.",
  "ca-set-not-active": "The CA set of this hostname is not active on this network, so no client can be accepted.",
};

/** One sentence about a refusal, for the refused. */
export function refusalSentence(code: RefusalCode): string {
  return code in ownSentences
    ? ownSentences[code as keyof typeof ownSentences]
    : pathProblemFacts[code as PathProblemCode].sentence;
}

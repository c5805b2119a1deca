import {
  buildAnchorIndex,
  type Certificate,
  decodePem,
  type DescribedPathResult,
  describePathResult,
  edgePathLimits,
  findingDetail,
  findingTitle,
  parseCertificate,
  type ProblemItem,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { decodeMembers } from "./decode-members.ts";

/** Would an edge that serves these anchors let the owner of this chain in? Asked in a form that crosses a thread. */
export type VerificationQuestion = {
  readonly task: "verify";
  /** DER as base64. */
  readonly anchors: readonly string[];
  /** The client's certificate first, then what it sends with it. */
  readonly clientChainPem: string;
  /** Seconds since 1970. */
  readonly time: number;
};

export type VerificationAnswer =
  | { readonly isRead: true; readonly result: DescribedPathResult }
  | { readonly isRead: false; readonly errors: readonly ProblemItem[] };

/** One more than an edge takes, so that its refusal can be shown. */
const maxBlocks = edgePathLimits.presented + 1;

/** The verdict of the built-in edge: its profile and its limits. Pure but for the crypto library. */
export function answerVerification({ anchors, clientChainPem, time }: VerificationQuestion): VerificationAnswer {
  const { certificates, errors } = readChain(clientChainPem);
  const [leaf, ...rest] = certificates;
  if (errors.length > 0 || leaf === undefined) return { isRead: false, errors };
  const result = validatePath({
    presented: [leaf, ...rest],
    anchors: buildAnchorIndex(decodeMembers(anchors)),
    time,
    purpose: "clientAuth",
    profile: "compat",
    advise: true,
    limits: edgePathLimits,
    crypto: nodeCrypto,
  });
  return { isRead: true, result: describePathResult(result) };
}

type Chain = { readonly certificates: readonly Certificate[]; readonly errors: readonly ProblemItem[] };

/** A private key among the certificates is a refusal that says its line and nothing of its content. */
function readChain(text: string): Chain {
  const { blocks, problems } = decodePem(text, { maxBlocks });
  const errors = problems.map(({ code, line, label, expected }) =>
    code === "pem-unexpected-block"
      ? errorItem("unexpected-pem-block", { line, expected, ...(label !== undefined && { label }) })
      : errorItem("malformed-certificate", { reason: code, line, expected }),
  );
  const certificates: Certificate[] = [];
  for (const { der, line } of blocks) {
    const parsed = parseCertificate(der, nodeCrypto);
    if (parsed.ok) certificates.push(parsed.certificate);
    else {
      const { code, offset, expected } = parsed.problem;
      errors.push(errorItem("malformed-certificate", { reason: code, offset, line, expected }));
    }
  }
  return { certificates, errors };
}

function errorItem(
  code: "unexpected-pem-block" | "malformed-certificate",
  evidence: Record<string, unknown>,
): ProblemItem {
  const detail = findingDetail({ code, evidence });
  return { type: code, title: findingTitle(code), detail, pointer: "/clientChainPem", contextInfo: evidence };
}

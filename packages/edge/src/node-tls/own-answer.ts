import { type Certificate, escapeText, formatName, formatSerialNumber, type Network } from "@tcm/core";
import type { ServerResponse } from "node:http";
import type { ClientVerdict } from "../served/client-verdict.ts";
import type { PresentedChain } from "../served/presented-chain.ts";
import type { Site } from "../served/site.ts";

export type Answered = {
  readonly network: Network;
  readonly hostname: string;
  readonly site: Site;
  readonly presented: PresentedChain;
  readonly verdict: ClientVerdict;
};

/** What a hostname without an upstream tells about the client, for trying a set and for the demo. */
function describeClient({ network, hostname, site, presented, verdict }: Answered) {
  const leaf = presented.kind === "certificates" ? presented.certificates[0] : undefined;
  const anchor = verdict.accepted ? verdict.path.anchor.fingerprint : null;
  return {
    network,
    hostname,
    caSet: site.set?.caSet.caSetName ?? null,
    caSetId: site.caSetId,
    version: site.set?.caSet.version ?? null,
    clientCertificate: leaf === undefined ? null : { ...describeCertificate(leaf), anchor },
    ...(site.mode === "observe" && { clientAuthentication: describeVerdict(verdict) }),
  };
}

/** Names may hold anything; who asks with curl reads them on a terminal. */
function describeCertificate(certificate: Certificate) {
  return {
    subject: escapeText(formatName(certificate.subject)),
    issuer: escapeText(formatName(certificate.issuer)),
    serialNumber: formatSerialNumber(certificate),
    fingerprint: certificate.fingerprint,
  };
}

function describeVerdict(verdict: ClientVerdict) {
  const said = verdict.accepted ? { verdict: "accepted", code: null } : { verdict: "refused", code: verdict.code };
  return { mode: "observe", ...said };
}

export function answerClient(response: ServerResponse, answered: Answered): void {
  const body = `${JSON.stringify(describeClient(answered))}\n`;
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  response.end(body);
}

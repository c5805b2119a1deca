import type { ServerResponse } from "node:http";

/** RFC 9457, by a stable code: what the edge itself says no to. */
export type EdgeProblem = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
};

/** Faults that are not about the client's certificate. */
export const edgeProblems = {
  misdirected: {
    status: 421,
    code: "misdirected-request",
    title: "Host not served on this connection",
    detail: "The request names another host than the TLS handshake did. Open a connection for that host.",
  },
  invalidHost: {
    status: 400,
    code: "invalid-host",
    title: "Host is not valid",
    detail: "The request needs exactly one Host field with a host name and, where wanted, a port: RFC 9112 §3.2.",
  },
  ambiguousBody: {
    status: 400,
    code: "ambiguous-body",
    title: "Length of the body is ambiguous",
    detail: "HTTP/1.0 has no Transfer-Encoding. Send Content-Length, or use HTTP/1.1.",
  },
  transferCoding: {
    status: 501,
    code: "transfer-coding-not-supported",
    title: "Transfer coding not supported",
    detail: "Only the chunked transfer coding is understood here.",
  },
  upgrade: {
    status: 501,
    code: "upgrade-not-supported",
    title: "Upgrade not supported",
    detail: "This edge does not switch a connection to another protocol. Send the request without Upgrade.",
  },
  upstreamUnreachable: {
    status: 502,
    code: "upstream-unreachable",
    title: "No valid answer from the upstream",
    detail: "The server behind this edge could not be reached, or ended the exchange before it answered.",
  },
  upstreamBusy: {
    status: 503,
    code: "upstream-busy",
    title: "Too many requests wait for the upstream",
    detail: "More requests wait for the server behind this edge than it lets wait. Try again soon.",
  },
  upstreamTimeout: {
    status: 504,
    code: "upstream-timeout",
    title: "The upstream took too long",
    detail: "The server behind this edge did not answer in time.",
  },
} as const satisfies Readonly<Record<string, EdgeProblem>>;

/** The connection ends with the answer: what follows on it would be about a request that was not read, or not allowed. */
export function answerProblem(response: ServerResponse, problem: EdgeProblem): void {
  const { status, code, title, detail } = problem;
  const body = JSON.stringify({ type: `urn:tcm:problem:${code}`, title, status, detail, code });
  response.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    Connection: "close",
  });
  response.end(body);
}

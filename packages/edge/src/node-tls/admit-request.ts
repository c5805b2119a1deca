import type { IncomingMessage } from "node:http";
import { type ClientVerdict, refusalSentence } from "../served/client-verdict.ts";
import { valuesOf } from "./field-names.ts";
import { type EdgeProblem, edgeProblems } from "./problem-answer.ts";
import { readTarget } from "./request-target.ts";
import type { Site } from "../served/site.ts";

export type Admission =
  | { readonly ok: true; readonly authority: string; readonly path: string }
  | { readonly ok: false; readonly problem: EdgeProblem };

export type RequestHead = Pick<
  IncomingMessage,
  "method" | "url" | "rawHeaders" | "httpVersionMajor" | "httpVersionMinor"
>;

/**
 * Whether a request may be served on a connection that was opened for `serverName`. First what it is for, since a request
 * for another host is none of this connection's verdict; then who sends it; then what it wants.
 */
export function admitRequest(
  request: RequestHead,
  serverName: string,
  site: Site | undefined,
  verdict: ClientVerdict | undefined,
): Admission {
  const target = readTarget(request, valuesOf(request.rawHeaders, "host"));
  if (!target.ok && target.fault === "invalid") return refuse(edgeProblems.invalidHost);
  if (!target.ok || target.hostname !== serverName || site === undefined) return refuse(edgeProblems.misdirected);
  if (verdict === undefined || (!verdict.accepted && site.mode === "deny")) return refuse(refusal(verdict));
  const problem = messageProblem(request);
  if (problem !== undefined) return refuse(problem);
  return { ok: true, authority: target.authority, path: target.path };
}

/** The code and its sentence, but none of what was found in the certificates: that is for the log. */
function refusal(verdict: ClientVerdict | undefined): EdgeProblem {
  const code = verdict === undefined || verdict.accepted ? "ca-set-not-active" : verdict.code;
  return { status: 403, code, title: "Client certificate refused", detail: refusalSentence(code) };
}

function messageProblem({ rawHeaders, httpVersionMajor, httpVersionMinor }: RequestHead): EdgeProblem | undefined {
  const codings = valuesOf(rawHeaders, "transfer-encoding");
  // RFC 9112 §6.1: faulty framing, whatever the parser made of it.
  if (codings.length > 0 && httpVersionMajor === 1 && httpVersionMinor === 0) return edgeProblems.ambiguousBody;
  if (codings.some((coding) => coding.trim().toLowerCase() !== "chunked")) return edgeProblems.transferCoding;
  if (valuesOf(rawHeaders, "upgrade").length > 0) return edgeProblems.upgrade;
  return undefined;
}

function refuse(problem: EdgeProblem): Admission {
  return { ok: false, problem };
}

import type { ClientAnswer } from "./mtls-client.ts";

/** The edge let the client in. */
export function isAccepted(answer: ClientAnswer): boolean {
  return answer.kind === "answered" && answer.status === 200;
}

/** The edge said no to this client, or closed the connection on it; a timeout or an unreachable edge is no verdict. */
export function isRefused(answer: ClientAnswer): boolean {
  if (answer.kind === "answered") return answer.status === 403;
  return !unreachable.has(answer.code);
}

const unreachable: ReadonlySet<string> = new Set(["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH"]);

/** `200 by version 2 on STAGING`, `403 no-path-to-an-anchor`, `connection closed (ECONNRESET)`. */
export function describeAnswer(answer: ClientAnswer): string {
  if (answer.kind === "disconnected") return `connection closed (${answer.code})`;
  const { version, network, code } = readBody(answer.body);
  const words =
    answer.status === 200 && version !== undefined ? `by version ${version} on ${network ?? "?"}` : (code ?? "");
  return `${answer.status} ${words}${answer.resumed ? " on a resumed session" : ""}`.trim();
}

/** The version that answered; undefined where the answer does not tell. */
export function versionOf(answer: ClientAnswer): number | undefined {
  return answer.kind === "answered" ? readBody(answer.body).version : undefined;
}

function readBody(body: unknown): {
  readonly version: number | undefined;
  readonly network: string | undefined;
  readonly code: string | undefined;
} {
  const { version, network, code } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  return {
    version: typeof version === "number" ? version : undefined,
    network: typeof network === "string" ? network : undefined,
    code: typeof code === "string" ? code : undefined,
  };
}

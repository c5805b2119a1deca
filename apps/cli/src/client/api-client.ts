import { type Client, NoAnswer, openClient } from "@tcm/api-contract";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { authorize, type Connection } from "./connection.ts";

/** The API by the names of its endpoints, for commands: what cannot be reached is a failure with the words for it. */
export type ApiClient = Pick<Client, "call" | "send">;

export function apiClient(connection: Connection): ApiClient {
  const { url, credential } = connection;
  const client = openClient({ url, authorize: () => authorize(connection, credential) });
  return {
    call: (name, ...call) => client.call(name, ...call).catch(fail(url)),
    send: (name, ...call) => client.send(name, ...call).catch(fail(url)),
  };
}

/** In the words of the command line, with the exit code `unreachable`; whatever else it is goes on as it is. */
export function fail(url: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof NoAnswer)) throw error;
    throw new CommandFailure(exitCode.unreachable, describe(url, error), { cause: error });
  };
}

function describe(url: string, error: NoAnswer): string {
  if (error.kind === "foreign") return `${error.message} Check the address, and that this tcm is not newer than it.`;
  const reason = error.kind === "timeout" ? "no answer in time" : reasonOf(error);
  if (error.kind === "timeout" || lostAnswers.includes(reason))
    return `Nothing came back from ${url} (${reason}). It is no control plane, or it ended meanwhile; what was asked for may have been done: see "tcm status".`;
  const advice = untrusted.includes(reason)
    ? "Its certificate is not trusted here: set NODE_EXTRA_CA_CERTS to the PEM file of its CA."
    : 'Start it with "tcm start", or say where it is with --url or TCM_URL.';
  return `Cannot reach the control plane at ${url} (${reason}). ${advice}`;
}

/** Node's words for a server certificate without a CA that it knows. */
const untrusted: readonly string[] = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
];

/** There was a connection, so that the request may have arrived. */
const lostAnswers: readonly string[] = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"];

/** `fetch` hides what happened on the network below its own error. */
function reasonOf({ cause }: NoAnswer): string {
  const { code } = ((cause as { readonly cause?: unknown } | undefined)?.cause ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "no connection";
}

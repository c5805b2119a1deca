import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

export const defaultUrl = "http://127.0.0.1:7300";

/** Where the control plane is, and who asks. */
export type Connection = {
  /** Origin, without a trailing slash. */
  readonly url: string;
  readonly token: string;
};

export type ConnectionOptions = { readonly url?: string | undefined; readonly token?: string | undefined };

/** From the command line, else from TCM_URL and TCM_TOKEN. Throws a usage failure when they cannot be used. */
export function findConnection(
  options: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Connection {
  const url = readUrl(options.url ?? nonEmpty(environment["TCM_URL"]) ?? defaultUrl);
  const token = options.token ?? nonEmpty(environment["TCM_TOKEN"]);
  if (token === undefined)
    throw usage(
      "No token. Make one with: tcm token create --role admin --data DIR\nand put it into TCM_TOKEN (or pass --token).",
    );
  // RFC 6750 §2.1; also keeps line breaks out of the header.
  if (!/^[A-Za-z0-9._~+/=-]+$/.test(token)) throw usage("The token has characters that no token has. Copy it again.");
  return { url, token };
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw usage(`"${text}" is no address of a server. Write it like ${defaultUrl}.`);
  if (url.username !== "" || url.password !== "") throw usage("Put no password into the address; use TCM_TOKEN.");
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    throw usage(`A token is sent in clear to this machine only. Use https:// for ${url.hostname}.`);
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}

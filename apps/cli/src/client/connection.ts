import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import type { Credential, StoredLogin } from "./stored-login.ts";

export const defaultUrl = "http://127.0.0.1:7300";

/** Where the control plane is, and who asks. */
export type Connection = {
  /** Origin, without a trailing slash. */
  readonly url: string;
  readonly credential: Credential;
};

export type ConnectionOptions = { readonly url?: string | undefined; readonly token?: string | undefined };

/** What every command that talks to a control plane takes. */
export type ServerOptions = ConnectionOptions & { readonly json?: true };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * From the command line, else from TCM_URL and TCM_TOKEN, else from `tcm login`; what a login stored goes to the server that
 * it was made for and to no other. Throws a usage failure when they cannot be used.
 */
export function findConnection(
  options: ConnectionOptions,
  environment: Environment,
  login: () => StoredLogin | undefined = () => undefined,
): Connection {
  const named = namedUrl(options, environment);
  const token = options.token ?? nonEmpty(environment["TCM_TOKEN"]);
  if (token !== undefined) return { url: named ?? defaultUrl, credential: { token: checkToken(token) } };
  const stored = login();
  if (stored !== undefined && (named === undefined || named === stored.url)) return stored;
  if (stored !== undefined)
    throw usage(
      `You are signed in at ${stored.url}, and not at ${named}. Sign in there with tcm login, or give a token.`,
    );
  throw usage(
    "No token. Make one with: tcm token create --role admin --data DIR\nand put it into TCM_TOKEN (or pass --token), or sign in with: tcm login",
  );
}

/** Where `tcm login` goes: no token is needed yet. */
export function findServer(options: ConnectionOptions, environment: Environment): string {
  return namedUrl(options, environment) ?? defaultUrl;
}

function namedUrl({ url }: ConnectionOptions, environment: Environment): string | undefined {
  const named = url ?? nonEmpty(environment["TCM_URL"]);
  return named === undefined ? undefined : readUrl(named);
}

/** RFC 6750 §2.1; also keeps line breaks out of the header. */
export function checkToken(token: string): string {
  if (/^[A-Za-z0-9._~+/=-]+$/.test(token)) return token;
  throw usage("The token has characters that no token has. Copy it again.");
}

/** A session is a cookie, and a cookie counts only beside the headers that no form of another site can send. */
export function authorize({ url }: Pick<Connection, "url">, credential: Credential): Readonly<Record<string, string>> {
  if ("token" in credential) return { authorization: `Bearer ${credential.token}` };
  return { cookie: credential.session, origin: url, "x-tcm-request": "tcm" };
}

/** The origin of an address that credentials may be sent to. */
export function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw usage(`"${text}" is no address of a server. Write it like ${defaultUrl}.`);
  if (url.username !== "" || url.password !== "") throw usage("Put no password into the address; use TCM_TOKEN.");
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    throw usage(`A token is sent in clear to this machine only. Use https:// for ${url.hostname}.`);
  // Left out without a word, it would send the token to another application of the same host.
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw usage(`"${text}" has a path, and the API is at the root of its host. Write ${url.origin}.`);
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

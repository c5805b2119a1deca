import { ApiProblem, type Client, openClient, type SessionView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import { apiClient, fail } from "../client/api-client.ts";
import { authorize, checkToken, findServer, readUrl } from "../client/connection.ts";
import { type Credential, readLogin, removeLogin, writeLogin } from "../client/stored-login.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { readSecret, readSecrets } from "../output/ask.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type LoginOptions = {
  readonly url?: string;
  readonly name?: string;
  readonly link?: string;
  readonly withToken?: true;
  readonly json?: true;
};

export function addLogin(program: Command, context: CommandContext): void {
  program
    .command("login")
    .summary("sign in, so that commands need no token")
    .description(
      "Signs in and keeps the session, or a token, in a file for its owner alone. TCM_TOKEN and --token come before it. Secrets are asked for, or read from standard input.",
    )
    .option("--url <url>", "address of the control plane (default: TCM_URL, else http://127.0.0.1:7300)")
    .option("--name <name>", "who signs in with a password")
    .option("--link <link>", "the one-time link that the first start prints: makes --name the first administrator")
    .option("--with-token", "keep a token instead of signing in")
    .option("--json", "print the API's own answer")
    .addHelpText(
      "after",
      "\nExamples:\n  tcm login --name ada\n  tcm login --link http://127.0.0.1:7300/sign-in#first=… --name ada",
    )
    .addHelpText("after", "  tcm login --with-token < token.txt")
    .action((options: LoginOptions) => login(options, context));

  program
    .command("logout")
    .summary("end the session of tcm login")
    .description("Ends the session on the server and forgets it here. A token is forgotten, and stays valid.")
    .action(() => logout(context));

  addServerOptions(
    program
      .command("whoami")
      .summary("who the server takes you for")
      .description("Shows who asks, and what they may do."),
  ).action(async (options: ServerOptions) => {
    const session = await clientOf(options, context).call("getSession");
    print(context, options, session, () => renderSession(session));
  });

  program
    .command("password")
    .summary("change your own password")
    .description("Changes your own password; every other session of yours ends. Needs tcm login.")
    .action(() => changePassword(context));
}

async function login(options: LoginOptions, context: CommandContext): Promise<void> {
  const url = options.link === undefined ? findServer(options, context.environment) : serverOfLink(options.link);
  const credential = await findCredential(url, options, context);
  const session = await apiClient({ url, credential }).call("getSession");
  const file = writeLogin(context.environment, { url, credential });
  print(context, options, session, () => `${renderSession(session)}Kept in ${escapeText(file)}\n`);
}

/** The link leads to a page of the console; the API is beside it. */
function serverOfLink(link: string): string {
  return readUrl(URL.parse(link)?.origin ?? link);
}

async function findCredential(url: string, options: LoginOptions, context: CommandContext): Promise<Credential> {
  if (options.withToken) return { token: checkToken(await readSecret(context, "Token: ")) };
  const { name, link } = options;
  if (name === undefined) throw usage("Say who signs in with --name NAME, or keep a token with --with-token.");
  if (link === undefined) {
    await refuseWithoutUsers(url);
    const password = await readSecret(context, `Password for ${escapeText(name)}: `);
    return beginSession(url, (client) => client.call("signIn", { body: { name, password } }));
  }
  const token = /#first=([A-Za-z0-9_-]{43})$/.exec(link)?.[1];
  if (token === undefined) throw usage("This is no one-time link. Copy all of it, from http to its end.");
  const password = await readSecret(context, `New password for ${escapeText(name)}: `);
  return beginSession(url, (client) => client.call("redeemSignInLink", { body: { token, name, password } }));
}

/** Before a password is asked for that cannot be right. */
async function refuseWithoutUsers(url: string): Promise<void> {
  const { awaitsFirstAdmin } = await openClient({ url, authorize: () => ({}) })
    .call("getSignInOptions")
    .catch(fail(url));
  if (awaitsFirstAdmin)
    throw new CommandFailure(
      exitCode.problem,
      "Nobody can sign in yet. Use the one-time link of the first start: --link LINK.",
    );
}

/** The session is in the cookie that the answer sets. */
async function beginSession(
  url: string,
  signIn: (client: Client) => Promise<unknown>,
  current?: Credential,
): Promise<Credential> {
  const cookies: string[] = [];
  const observed: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    cookies.push(...response.headers.getSetCookie());
    return response;
  };
  const client = openClient({ url, fetch: observed, authorize: () => headersOf(url, current) });
  await signIn(client).catch(fail(url));
  const session = cookies.map((cookie) => cookie.split(";")[0] ?? "").find((pair) => pair.includes("tcm-session="));
  if (session !== undefined) return { session };
  throw new CommandFailure(exitCode.unreachable, `${url} signed in without a session. Check the address.`);
}

function headersOf(url: string, current: Credential | undefined): Readonly<Record<string, string>> {
  return current === undefined ? {} : authorize({ url }, current);
}

async function logout({ environment, terminal }: CommandContext): Promise<void> {
  const stored = readLogin(environment);
  removeLogin(environment);
  if (stored === undefined) terminal.out("Nobody was signed in here.\n");
  else if ("session" in stored.credential) await apiClient(stored).call("signOut").catch(ignoreEnded);
  if (stored !== undefined) terminal.out(`Signed out of ${stored.url}.\n`);
}

/** A session that has ended already is as good. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.code !== "unauthorized") throw error;
}

/** The answer sets the cookie of a new session: every older one has ended. */
async function changePassword(context: CommandContext): Promise<void> {
  const stored = readLogin(context.environment);
  if (stored === undefined || "token" in stored.credential) throw usage("Sign in first: tcm login --name NAME");
  const { url, credential: current } = stored;
  const [currentPassword, newPassword] = await readSecrets(context, ["Present password: ", "New password: "]);
  if (currentPassword === undefined || newPassword === undefined) throw usage("Two passwords are needed, a line each.");
  const body = { currentPassword, newPassword };
  const credential = await beginSession(url, (client) => client.call("changePassword", { body }), current);
  writeLogin(context.environment, { url, credential });
  context.terminal.out("The password is changed; other sessions have ended.\n");
}

function renderSession({ name, role, kind, expiryDate }: SessionView): string {
  const until = expiryDate === null ? "" : `, until ${expiryDate}`;
  return `${escapeText(name)}: ${role}, by ${kind}${until}\n`;
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}

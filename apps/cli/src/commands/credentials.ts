import type { ApiClientProfile, ApiClientView, ApiTokenView, Role } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { leftOf } from "./left-of-maker.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import { roleOption } from "./users.ts";

type TokenOptions = ServerOptions & { readonly role: Role; readonly expires?: string };
type ClientOptions = ServerOptions & { readonly role: Role; readonly profile: ApiClientProfile };

type RevokeOptions = ServerOptions & { readonly withMade?: true };

const withMadeWords =
  "after a theft: also revoke tokens, API clients and join tokens made with it, and disable such users";

function madeToo(withMade: true | undefined) {
  return withMade === undefined ? {} : { query: { withMade: "true" } };
}

export function addTokens(program: Command, context: CommandContext): void {
  const tokens = program.command("tokens").summary("API tokens of a running control plane").description("API tokens.");
  tokens.addHelpText("after", "\nExamples:\n  export TCM_TOKEN=$(tcm tokens create ci --role deployer --expires 90)");
  tokens.addHelpText("after", "  tcm tokens revoke 3");

  addServerOptions(tokens.command("list", { isDefault: true }).description("Lists all tokens.")).action(
    async (options: ServerOptions) => {
      const body = await clientOf(options, context).call("listTokens");
      print(context, options, body, () => renderTable(body.tokens, tokenColumns, "No token."));
    },
  );

  addServerOptions(tokens.command("create").description("Makes a token and prints only it; it is never shown again."))
    .argument("<name>", "what it is for")
    .addOption(roleOption())
    .option("--expires <days>", "days until it ends (default: never)")
    .action(async (name: string, { role, expires, ...options }: TokenOptions) => {
      const lifetime = expires === undefined ? {} : { expiresInDays: readNumber(expires, "number of days") };
      const made = await clientOf(options, context).call("createToken", { body: { name, role, ...lifetime } });
      print(context, options, made, () => `${made.token}\n`);
    });

  addServerOptions(tokens.command("revoke").description("Revokes a token at once."))
    .argument("<id>", "id of the token")
    .option("--with-made", withMadeWords)
    .action(async (id: string, { withMade, ...options }: RevokeOptions) => {
      const tokenId = readNumber(id, "id of a token");
      const client = clientOf(options, context);
      await client.call("revokeToken", { params: { tokenId }, ...madeToo(withMade) });
      if (options.json) return;
      context.terminal.out(`Token ${tokenId} revoked.\n${await leftOf(client, `token-${tokenId}`)}`);
    });
}

export function addApiClients(program: Command, context: CommandContext): void {
  const clients = program
    .command("api-clients")
    .summary("clients that sign with EdgeGrid: Terraform and Akamai's own tools")
    .description("API clients, which sign their requests with EdgeGrid.");
  clients.addHelpText("after", "\nExamples:\n  tcm api-clients create terraform --role deployer >> ~/.edgerc");
  clients.addHelpText("after", "  tcm api-clients revoke 2");

  addServerOptions(clients.command("list", { isDefault: true }).description("Lists all API clients.")).action(
    async (options: ServerOptions) => {
      const body = await clientOf(options, context).call("listApiClients");
      print(context, options, body, () => renderTable(body.apiClients, clientColumns, "No API client."));
    },
  );

  addServerOptions(clients.command("create").description("Makes an API client and prints its .edgerc section, once."))
    .argument("<name>", "what it is for")
    .addOption(roleOption())
    .addOption(
      new Option("--profile <profile>", "defaults of new versions: as mETS has them, or as the console does")
        .choices(["mets", "console"])
        .default("mets"),
    )
    .action(async (name: string, { role, profile, ...options }: ClientOptions) => {
      const made = await clientOf(options, context).call("createApiClient", { body: { name, role, profile } });
      print(context, options, made, () => `${made.edgerc.trimEnd()}\n`);
    });

  addServerOptions(clients.command("revoke").description("Revokes an API client at once."))
    .argument("<id>", "id of the API client")
    .option("--with-made", withMadeWords)
    .action(async (id: string, { withMade, ...options }: RevokeOptions) => {
      const apiClientId = readNumber(id, "id of an API client");
      const client = clientOf(options, context);
      await client.call("revokeApiClient", { params: { apiClientId }, ...madeToo(withMade) });
      if (options.json) return;
      context.terminal.out(`API client ${apiClientId} revoked.\n${await leftOf(client, `client-${apiClientId}`)}`);
    });
}

function readNumber(text: string, what: string): number {
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  throw new CommandFailure(exitCode.usage, `"${escapeText(text)}" is no ${what}.`);
}

type Credential = Pick<ApiTokenView, "role" | "createdDate" | "createdBy" | "lastUsedDate" | "revokedDate">;

const sharedColumns: readonly Column<Credential>[] = [
  { title: "ROLE", value: ({ role }) => role },
  { title: "CREATED", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "BY", value: ({ createdBy }) => createdBy },
  { title: "LAST USED", value: ({ lastUsedDate }) => shortDate(lastUsedDate) },
  { title: "REVOKED", value: ({ revokedDate }) => shortDate(revokedDate) },
];

const tokenColumns: readonly Column<ApiTokenView>[] = [
  { title: "ID", value: ({ tokenId }) => String(tokenId), align: "right" },
  { title: "NAME", value: ({ name }) => name ?? "-" },
  { title: "BEGINS WITH", value: ({ prefix }) => prefix },
  ...sharedColumns,
  { title: "EXPIRES", value: ({ expiryDate }) => shortDate(expiryDate) },
];

const clientColumns: readonly Column<ApiClientView>[] = [
  { title: "ID", value: ({ apiClientId }) => String(apiClientId), align: "right" },
  { title: "NAME", value: ({ name }) => name },
  { title: "CLIENT TOKEN", value: ({ clientToken }) => clientToken },
  { title: "PROFILE", value: ({ profile }) => profile },
  ...sharedColumns,
];

import { type Role, roles, type UserView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { type Command, Option } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { readSecret } from "../output/ask.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type UserChange = { readonly role?: Role; readonly disabled?: boolean; readonly password?: string };

export function addUsers(program: Command, context: CommandContext): void {
  const users = program.command("users").summary("who may sign in, and their roles").description("Users.");
  users.addHelpText("after", "\nExamples:\n  tcm users create ada --role editor\n  tcm users role ada deployer");
  users.addHelpText("after", "  tcm users disable ada\n\nA password is asked for, or read from standard input.");
  const add = (name: string, words: string): Command => addServerOptions(users.command(name).description(words));

  addServerOptions(users.command("list", { isDefault: true }).description("Lists all users.")).action(
    async (options: ServerOptions) => {
      const body = await clientOf(options, context).call("listUsers");
      print(context, options, body, () =>
        renderTable(body.users, columns, "No user. Sign in with the link of the first start."),
      );
    },
  );

  add("create", "Creates a user with a password.")
    .argument("<name>", "how they sign in")
    .addOption(roleOption())
    .action(async (name: string, options: ServerOptions & { readonly role: Role }) => {
      const password = await readSecret(context, `Password for ${escapeText(name)}: `);
      const user = await clientOf(options, context).call("createUser", {
        body: { name, role: options.role, password },
      });
      print(context, options, user, () => `User "${escapeText(user.name)}" created as ${user.role}.\n`);
    });

  const addChange = (name: string, words: string, change: UserChange): void => {
    add(name, words)
      .argument("<name>", "name of the user")
      .action((user: string, options: ServerOptions) => changeUser(user, change, options, context));
  };
  addChange(
    "disable",
    "Keeps a user out; every session of theirs ends, and the tokens and API clients that they made are revoked for good.",
    { disabled: true },
  );
  addChange("enable", "Lets a disabled user in again.", { disabled: false });

  add("role", "Gives a user another role; every session of theirs ends.")
    .argument("<name>", "name of the user")
    .argument("<role>", roles.join(", "))
    .action((user: string, role: string, options: ServerOptions) =>
      changeUser(user, { role: readRole(role) }, options, context),
    );

  add("password", "Sets a new password for a user; every session of theirs ends.")
    .argument("<name>", "name of the user")
    .action(async (user: string, options: ServerOptions) => {
      const password = await readSecret(context, `New password for ${escapeText(user)}: `);
      await changeUser(user, { password }, options, context);
    });
}

export function roleOption(): Option {
  return new Option("--role <role>", "what they may do").choices(roles).makeOptionMandatory();
}

function readRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role !== undefined) return role;
  throw new CommandFailure(exitCode.usage, `"${text}" is no role. Roles are ${roles.join(", ")}.`);
}

async function changeUser(
  name: string,
  body: UserChange,
  options: ServerOptions,
  context: CommandContext,
): Promise<void> {
  const client = clientOf(options, context);
  const user = await client.call("changeUser", { params: await findUser(client, name), body });
  const state = user.disabled ? "disabled" : user.role;
  print(context, options, user, () => `User "${escapeText(user.name)}" changed: ${state}.\n`);
}

async function findUser(client: ApiClient, name: string): Promise<UserView> {
  const { users } = await client.call("listUsers");
  const found = users.find((user) => user.name === name);
  if (found !== undefined) return found;
  throw new CommandFailure(exitCode.problem, `There is no user "${name}". List them with: tcm users`);
}

const columns: readonly Column<UserView>[] = [
  { title: "NAME", value: ({ name }) => name },
  { title: "ROLE", value: ({ role }) => role },
  { title: "SIGNS IN BY", value: ({ signIn }) => signIn },
  { title: "STATE", value: ({ disabled }) => (disabled ? "disabled" : "enabled") },
  { title: "LAST SIGN-IN", value: ({ lastSignInDate }) => shortDate(lastSignInDate) },
  { title: "CREATED", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "BY", value: ({ createdBy }) => createdBy },
];

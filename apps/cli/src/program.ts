import { readFileSync } from "node:fs";
import { Command, Help, type Option } from "commander";
import type { CommandContext } from "./command-context.ts";
import { addBackup, addRestore } from "./commands/backup.ts";
import { addAudit } from "./commands/audit.ts";
import { addApiClients, addTokens } from "./commands/credentials.ts";
import { addEvents } from "./commands/events.ts";
import { addGitops } from "./commands/gitops.ts";
import { addLogin } from "./commands/login.ts";
import { addUsers } from "./commands/users.ts";
import { addCancel } from "./commands/cancel.ts";
import { addConfig } from "./commands/config.ts";
import { addCheck } from "./commands/check.ts";
import { addShellCompletion } from "./commands/completion.ts";
import { addDeactivate } from "./commands/deactivate.ts";
import { addDemo } from "./commands/demo.ts";
import { addDeploy } from "./commands/deploy.ts";
import { addEdge } from "./commands/edge.ts";
import { addEdgeCertificates } from "./commands/edge-certificates.ts";
import { addExclude } from "./commands/exclude.ts";
import { addExpiring } from "./commands/expiring.ts";
import { addNodes } from "./commands/nodes.ts";
import { addRollback } from "./commands/rollback.ts";
import { addSets } from "./commands/sets.ts";
import { addSigningKeys } from "./commands/signing-keys.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addToken } from "./commands/token.ts";
import { addVerify } from "./commands/verify.ts";
import { addUpload } from "./commands/upload.ts";
import { addVersions } from "./commands/versions.ts";
import { addWhere } from "./commands/where.ts";

/** The whole command line. Throws CommanderError, CommandFailure or ApiProblem; nothing below ends the process. */
export function buildProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command("tcm")
    .description("Trust Chain Manager: CA certificate sets for mutual TLS, created, checked, deployed and proved.")
    .version(ownVersion(), "--version", "print the version")
    // `tcm upload --version 2` is no question about the version of this program.
    .enablePositionalOptions()
    .configureHelp({ optionDescription: describeOption })
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError("(--help explains it)");
  program.commandsGroup("Run:");
  addStart(program, context);
  addDemo(program, context);
  addConfig(program, context);
  addToken(program, context);
  addBackup(program, context);
  addRestore(program, context);
  program.commandsGroup("CA sets:");
  addCheck(program, context);
  addVerify(program, context);
  addUpload(program, context);
  addSets(program, context);
  addVersions(program, context);
  program.commandsGroup("Deployment:");
  addDeploy(program, context);
  addGitops(program, context);
  addRollback(program, context);
  addDeactivate(program, context);
  addCancel(program, context);
  addExclude(program, context);
  addStatus(program, context);
  addExpiring(program, context);
  addWhere(program, context);
  addNodes(program, context);
  addEdgeCertificates(program, context);
  addEdge(program, context);
  addEvents(program, context);
  program.commandsGroup("People and credentials:");
  addLogin(program, context);
  addUsers(program, context);
  addTokens(program, context);
  addApiClients(program, context);
  addAudit(program, context);
  addSigningKeys(program, context);
  program.commandsGroup("More:");
  addShellCompletion(program);
  return program;
}

function describeOption(option: Option): string {
  const words = new Help().optionDescription(option);
  return option.mandatory ? `${words} (required)` : words;
}

function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

import type { AuditRecordView } from "@tcm/api-contract";
import { auditMain } from "@tcm/control-plane";
import type { Command } from "commander";
import { given } from "../client/given.ts";
import type { CommandContext } from "../command-context.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { type AuditVerdict, renderAuditVerdict } from "./audit-verdict.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import { runStoreProgram } from "../store/run-store-program.ts";
import { addStoreOptions, storeLocation, type StoreOptions } from "./store-options.ts";

type ListOptions = ServerOptions & {
  readonly since?: string;
  readonly until?: string;
  readonly by?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly limit?: string;
  readonly before?: string;
};
type VerifyOptions = StoreOptions & { readonly head?: string; readonly json?: true };

export function addAudit(program: Command, context: CommandContext): void {
  const audit = program
    .command("audit")
    .summary("who did what, and whether the record is intact")
    .description("The audit record: every write and every refusal, hash-chained.");
  audit.addHelpText("after", "\nExamples:\n  tcm audit list --by ada --since 2026-11-01T00:00:00Z");
  audit.addHelpText("after", "  tcm audit verify --data /var/lib/tcm");

  addServerOptions(audit.command("list", { isDefault: true }).description("Shows the record, newest first."))
    .option("--since <iso>", "from this date and time on, with its offset")
    .option("--until <iso>", "up to this date and time")
    .option("--by <name>", "what this user, token or API client did")
    .option("--action <action>", "only this action, such as ACTIVATE_VERSION")
    .option("--outcome <outcome>", "only with this outcome")
    .option("--limit <n>", "at most so many records")
    .option("--before <number>", "records before this one: the next page")
    .action(async ({ url, token, json, ...query }: ListOptions) => {
      const options = { url, token, ...(json && { json }) };
      const page = await clientOf(options, context).call("listAudit", { query: given(query) });
      const next = page.nextBefore === null ? "" : `\nMore with: --before ${page.nextBefore}\n`;
      print(context, options, page, () => renderTable(page.records, columns, "Nothing is recorded.") + next);
    });

  const verify = audit
    .command("verify")
    .description("Verifies the record of a store, whether a control plane is using it or not.");
  addStoreOptions(verify)
    .option("--head <number:hash>", "a head from the log: shows records that were taken away with their signed heads")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExit code 0: intact. 1: it is not.")
    .action((options: VerifyOptions) => verifyAudit(options, context));
}

async function verifyAudit({ json, head, ...store }: VerifyOptions, context: CommandContext): Promise<void> {
  const more = head === undefined ? [] : ["--head", head];
  const out = await runStoreProgram(auditMain, storeLocation(store, context), more, [0, 1]);
  const verdict = JSON.parse(out) as AuditVerdict;
  context.terminal.out(json ? `${out}\n` : renderAuditVerdict(verdict));
  context.endWith(verdict.intact ? exitCode.done : exitCode.refused);
}

const columns: readonly Column<AuditRecordView>[] = [
  { title: "NUMBER", value: ({ number }) => String(number), align: "right" },
  { title: "DATE", value: ({ date }) => shortDate(date) },
  { title: "BY", value: ({ by }) => by },
  { title: "ACTION", value: ({ action }) => action },
  { title: "OUTCOME", value: ({ outcome }) => outcome },
  { title: "SUBJECT", value: ({ subject }) => JSON.stringify(subject) },
];

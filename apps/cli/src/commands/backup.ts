import { resolve } from "node:path";
import { backupMain, restoreMain } from "@tcm/control-plane";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { shortDate } from "../output/date.ts";
import { runStoreProgram } from "../store/run-store-program.ts";
import { addStoreOptions, storeLocation, type StoreOptions } from "./store-options.ts";

type BackupOptions = StoreOptions & { readonly json?: true };

export function addBackup(program: Command, context: CommandContext): void {
  const command = program
    .command("backup")
    .summary("write everything into one file")
    .description(
      "Writes all that the control plane keeps into one new file, beside a running control plane or without one. The operator key is not in it and is needed to restore it: keep the two apart.",
    )
    .argument("<file>", "the new file");
  addStoreOptions(command)
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  tcm backup tcm-$(date +%F).backup")
    .action(async (file: string, options: BackupOptions) => {
      const printed = await runStoreProgram(backupMain, storeLocation(options, context), ["--file", resolve(file)]);
      const { rows, bytes } = JSON.parse(printed) as { readonly rows: number; readonly bytes: number };
      context.terminal.out(options.json ? `${printed}\n` : `${file}: ${rows} rows, ${bytes} bytes\n`);
    });
}

type Restored = {
  readonly madeAt: string;
  readonly rows: number;
  readonly epochs: Readonly<Record<string, number>>;
  readonly auditFaults: number;
};

export function addRestore(program: Command, context: CommandContext): void {
  const command = program
    .command("restore")
    .summary("fill an empty store from a backup")
    .description(
      "Fills an empty store from a backup, in SQLite or in PostgreSQL, wherever it was made. The operator key of the backup has to be in the data directory as operator.key, mode 0600, or in TCM_OPERATOR_KEY. Stop the old control plane first.",
    )
    .argument("<file>", "made by tcm backup");
  addStoreOptions(command)
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  tcm restore tcm.backup --data ./new --database postgres://tcm@db/tcm")
    .action(async (file: string, options: BackupOptions) => {
      const printed = await runStoreProgram(restoreMain, storeLocation(options, context), ["--file", resolve(file)]);
      context.terminal.out(options.json ? `${printed}\n` : render(JSON.parse(printed) as Restored));
    });
}

function render({ madeAt, rows, epochs, auditFaults }: Restored): string {
  const begun = Object.entries(epochs).map(([network, epoch]) => `${network} ${epoch}`);
  return [
    `${rows} rows of ${shortDate(madeAt)} UTC are restored. What happened after that is lost.`,
    ...(begun.length > 0 ? [`Everything goes out to the nodes again, in a new epoch: ${begun.join(", ")}`] : []),
    ...(auditFaults > 0 ? [`The audit record has ${auditFaults} faults, which the backup had too.`] : []),
    "",
  ].join("\n");
}

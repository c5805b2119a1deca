import type { ExpiringCertificateView } from "@tcm/api-contract";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { networkName } from "../deployment/network-option.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type ExpiringOptions = ServerOptions & { readonly within?: string };

export function addExpiring(program: Command, context: CommandContext): void {
  const command = program
    .command("expiring")
    .summary("certificates that end soon, over every set")
    .description("Lists the certificates that networks serve and that have expired or soon will, the soonest first.")
    .option("--within <days>", "those that end within so many days (default 90)");
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm expiring --within 120")
    .action(async (options: ExpiringOptions) => {
      const query = options.within === undefined ? {} : { expiryThresholdInDays: options.within };
      const body = await clientOf(options, context).call("listExpiringCertificates", { query });
      print(context, options, body, () => renderTable(body.certificates, columns, "No certificate ends so soon."));
    });
}

const columns: readonly Column<ExpiringCertificateView>[] = [
  { title: "UNTIL", value: ({ endDate }) => endDate.slice(0, 10) },
  { title: "CA SET", value: ({ caSetName, version }) => `${caSetName}@${version}` },
  { title: "NETWORKS", value: ({ networks }) => networks.map((network) => networkName[network]).join(", ") },
  { title: "SUBJECT", value: ({ subject }) => subject },
  { title: "SHA-256", value: ({ fingerprint }) => fingerprint },
];

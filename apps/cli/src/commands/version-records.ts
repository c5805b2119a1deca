import type { VersionDiffView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import { findVersion, parseVersionNumber } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { certificateColumns } from "../output/certificate-columns.ts";
import { count } from "../output/count.ts";
import { exitCode } from "../output/exit-code.ts";
import { renderTable } from "../output/table.ts";
import { renderEffectiveTrust } from "../verify/effective-trust-text.ts";
import { clientOf, print, type ServerOptions } from "./server-command.ts";
import { renderActivationTable } from "./set-records.ts";

type ExpiryOptions = ServerOptions & { readonly expiring?: string | true; readonly expired?: true };

/** What can be asked about one version, and its end: below `tcm versions`. `add` makes a command that takes one. */
export function addVersionRecords(add: (name: string, words: string) => Command, context: CommandContext): void {
  add("diff", "Shows what deploying a version instead of another would change, and who would lose access.")
    .requiredOption("--against <version>", "number of the other version")
    .action(async (reference: string, options: ServerOptions & { readonly against: string }) => {
      const client = clientOf(options, context);
      const query = { against: parseVersionNumber(options.against) };
      const diff = await client.call("compareVersions", { params: await findVersion(client, reference), query });
      print(context, options, diff, () => renderDiff(diff));
    });

  add("certificates", "Lists the certificates of a version, or those that end.")
    .option("--expiring [days]", "only those that expire within so many days (default 30)")
    .option("--expired", "only those that have expired")
    .action(async (reference: string, options: ExpiryOptions) => {
      const client = clientOf(options, context);
      const params = await findVersion(client, reference);
      const body = await client.call("listVersionCertificates", { params, query: expiryQuery(options) });
      print(context, options, body, () => renderTable(body.certificates, certificateColumns, "No such certificate."));
    });

  add("trust", "Shows what a version really trusts, and what trusting only its lowest members would change.").action(
    async (reference: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const trust = await client.call("getEffectiveTrust", { params: await findVersion(client, reference) });
      print(context, options, trust, () => renderEffectiveTrust(trust));
    },
  );

  add("activations", "Lists every deployment of a version, newest first.").action(
    async (reference: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const body = await client.call("listVersionActivations", { params: await findVersion(client, reference) });
      print(context, options, body, () => renderActivationTable(body.activations));
    },
  );

  add("delete", "Deletes a version that is not active. Name it with its number.").action(
    async (reference: string, options: ServerOptions) => {
      if (!reference.includes("@"))
        throw new CommandFailure(exitCode.usage, "Say which version: NAME@VERSION, such as partners@3.");
      const client = clientOf(options, context);
      await client.call("deleteVersion", { params: await findVersion(client, reference) });
      if (!options.json) context.terminal.out(`${escapeText(reference)} deleted.\n`);
    },
  );
}

function expiryQuery({ expiring, expired }: ExpiryOptions) {
  const statuses = [...(expiring === undefined ? [] : ["EXPIRING"]), ...(expired ? ["EXPIRED"] : [])];
  if (statuses.length === 0) return {};
  const days = typeof expiring === "string" ? { expiryThresholdInDays: expiring } : {};
  return { certificateStatus: statuses.join(","), ...days };
}

/** One line a certificate: `+` comes, `-` goes; then what that takes away. */
function renderDiff({ caSetName, version, against, added, removed, keptCount, options, effect }: VersionDiffView) {
  const short = (fingerprint: string): string => `[${fingerprint.slice(0, 12)}]`;
  const lines = [
    `${caSetName}@${version} against @${against}: ${added.length} added, ${removed.length} removed, ${keptCount} kept`,
    ...added.map(({ subject, fingerprint }) => `+ ${subject}  ${short(fingerprint)}`),
    ...removed.map(({ subject, fingerprint }) => `- ${subject}  ${short(fingerprint)}`),
    ...options.map(({ option, from, to }) => `~ ${option}: ${from} becomes ${to}`),
    ...renderEffect(effect),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join("");
}

function renderEffect({ losesAccess, stillTrusted }: VersionDiffView["effect"]): readonly string[] {
  return [
    ...losesAccess.map(({ subject }) => `! clients of ${subject} lose access`),
    ...stillTrusted.map(
      ({ subject, by }) => `! clients of ${subject} are still let in, by ${count(by.length, "member")}`,
    ),
  ];
}

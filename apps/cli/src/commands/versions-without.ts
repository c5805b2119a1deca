import type { VersionView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import { findVersion } from "../client/find-ca-set.ts";
import { renderItem } from "../client/problem-text.ts";
import type { CommandContext } from "../command-context.ts";
import { type Kept, withoutCertificates } from "../distrust/without-certificates.ts";
import { clientOf, print, type ServerOptions } from "./server-command.ts";
import { addVersionOptions, applyVersionOptions, type GivenVersionOptions } from "./version-options.ts";

type WithoutOptions = ServerOptions & GivenVersionOptions & { readonly description?: string };

/** `tcm versions without`: takes a CA out by its fingerprint, without cutting up files. */
export function addVersionsWithout(add: (name: string, words: string) => Command, context: CommandContext): void {
  const command = add("without", "Makes a new version with the same certificates but for those that are named.")
    .argument("<fingerprint...>", "SHA-256 of a certificate, or its first 12 digits or more")
    .option("--description <text>", "what the new version is for");
  addVersionOptions(command)
    .addHelpText("after", "\nOptions that are not given are those of the version.")
    .action(async (reference: string, fingerprints: readonly string[], options: WithoutOptions) => {
      const client = clientOf(options, context);
      const from = await client.call("getVersion", { params: await findVersion(client, reference) });
      const { kept, leftOut } = withoutCertificates(from.certificates ?? [], fingerprints);
      const certificates = kept.map(({ certificatePem, description }) => ({ certificatePem, description }));
      const body = {
        ...applyVersionOptions(from, options),
        certificates,
        description: options.description ?? from.description,
      };
      const created = await client.call("createVersion", { params: { caSetId: from.caSetId }, body });
      print(context, options, created, () => renderCreated(created, from, leftOut));
    });
}

function renderCreated(created: VersionView, from: VersionView, leftOut: Kept["leftOut"]): string {
  const warnings = (created.validation?.warnings ?? []).map((item) => renderItem("warning", item)).join("");
  const reference = `${created.caSetName}@${created.version}`;
  const lines = [
    `${reference} created: version ${from.version} without`,
    ...leftOut.map(({ subject, fingerprint }) => `- ${subject}  [${fingerprint.slice(0, 12)}]`),
    `Next: tcm versions diff ${reference} --against ${from.version}`,
    `      tcm deploy ${reference} --wait`,
  ];
  return `${warnings}${lines.map((line) => `${escapeText(line)}\n`).join("")}`;
}

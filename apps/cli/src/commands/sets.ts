import type { CaSetView, VersionView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import { findCaSet } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { shortDate } from "../output/date.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addHandshakes } from "./handshakes.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import { addSetRecords } from "./set-records.ts";
import { renderVersions } from "./versions.ts";

export function addSets(program: Command, context: CommandContext): void {
  const sets = program
    .command("sets")
    .summary("list, show, create, rename, clone and delete CA sets")
    .description("CA sets.");
  sets.addHelpText(
    "after",
    "\nExamples:\n  tcm sets\n  tcm sets show partners\n  tcm sets rename partners partners-eu",
  );

  addServerOptions(sets.command("list", { isDefault: true }).description("Lists all CA sets.")).action(
    async (options: ServerOptions) => {
      const body = await clientOf(options, context).call("listCaSets");
      print(context, options, body, () => renderCaSets(body.caSets));
    },
  );

  addServerOptions(sets.command("show").description("Shows one CA set and its versions."))
    .argument("<name>", "CA set by name or id")
    .action(async (name: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const caSet = await findCaSet(client, name);
      const { versions } = options.json ? { versions: [] } : await client.call("listVersions", { params: caSet });
      print(context, options, caSet, () => renderCaSet(caSet, versions));
    });

  addServerOptions(sets.command("create").description("Creates a CA set without any version."))
    .argument("<name>", "3 to 64 letters, digits and _ - . %")
    .option("--description <text>", "what it is for")
    .action(async (name: string, options: ServerOptions & { readonly description?: string }) => {
      const caSet = await clientOf(options, context).call("createCaSet", {
        body: { caSetName: name, description: options.description },
      });
      print(context, options, caSet, () => `CA set ${caSet.caSetId} "${escapeText(caSet.caSetName)}" created.\n`);
    });

  addServerOptions(sets.command("rename").description("Renames a CA set that was never deployed."))
    .argument("<name>", "CA set by name or id")
    .argument("<new-name>", "3 to 64 letters, digits and _ - . %")
    .action(async (name: string, newName: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const before = await findCaSet(client, name);
      const caSet = await client.call("renameCaSet", { params: before, body: { caSetName: newName } });
      const words = `"${escapeText(before.caSetName)}" is now "${escapeText(caSet.caSetName)}".\n`;
      print(context, options, caSet, () => words);
    });

  addServerOptions(sets.command("describe").description("Says what a CA set is for; without words, nothing any more."))
    .argument("<name>", "CA set by name or id")
    .argument("[text]", "what it is for")
    .action(async (name: string, text: string | undefined, options: ServerOptions) => {
      const client = clientOf(options, context);
      const params = await findCaSet(client, name);
      const caSet = await client.call("renameCaSet", { params, body: { description: text ?? null } });
      print(
        context,
        options,
        caSet,
        () => `"${escapeText(caSet.caSetName)}": ${escapeText(caSet.description ?? "-")}\n`,
      );
    });

  addSetRecords(sets, context);
  addHandshakes(sets, context);
}

const columns: readonly Column<CaSetView>[] = [
  { title: "ID", value: ({ caSetId }) => caSetId, align: "right" },
  { title: "NAME", value: ({ caSetName }) => caSetName },
  { title: "LATEST", value: ({ latestVersion }) => numberOrDash(latestVersion), align: "right" },
  { title: "STAGING", value: ({ stagingVersion }) => numberOrDash(stagingVersion), align: "right" },
  { title: "PRODUCTION", value: ({ productionVersion }) => numberOrDash(productionVersion), align: "right" },
  { title: "CREATED", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "BY", value: ({ createdBy }) => createdBy },
  { title: "DESCRIPTION", value: ({ description }) => description ?? "" },
];

function renderCaSets(caSets: readonly CaSetView[]): string {
  return renderTable(caSets, columns, "No CA set yet. Make one with: tcm upload NAME FILE");
}

function renderCaSet(caSet: CaSetView, versions: readonly VersionView[]): string {
  const { caSetId, caSetName, description, createdDate, createdBy, caSetNameIsEditable } = caSet;
  const lines = [
    `CA set ${caSetId}  ${caSetName}${caSetNameIsEditable ? "" : "  (name is frozen)"}`,
    ...(description === null ? [] : [description]),
    `created ${shortDate(createdDate)} by ${createdBy}`,
    `staging ${numberOrDash(caSet.stagingVersion)}, production ${numberOrDash(caSet.productionVersion)}`,
  ];
  return `${lines.map((line) => `${escapeText(line)}\n`).join("")}\n${renderVersions(versions)}`;
}

function numberOrDash(number: number | null): string {
  return number === null ? "-" : String(number);
}

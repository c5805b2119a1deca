import { writeFile } from "node:fs/promises";
import type { VersionView } from "@tcm/api-contract";
import { escapeText, renderTree } from "@tcm/core";
import type { Command } from "commander";
import { findCaSet, findVersion } from "../client/find-ca-set.ts";
import { renderItem } from "../client/problem-text.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { certificateColumns } from "../output/certificate-columns.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import { addVersionRecords } from "./version-records.ts";
import { addVersionsWithout } from "./versions-without.ts";

const referenceHelp = "CA set by name or id; without a version, its latest";

export function addVersions(program: Command, context: CommandContext): void {
  const versions = program
    .command("versions")
    .summary("list, show, compare, copy, export and delete versions of a CA set")
    .description("Versions of a CA set.")
    .addHelpText("after", "\nExamples:\n  tcm versions list partners\n  tcm versions show partners@2")
    .addHelpText("after", "  tcm versions bundle partners@2 --output partners.pem");
  const add = (name: string, words: string): Command =>
    addServerOptions(versions.command(name).description(words)).argument("<name[@version]>", referenceHelp);

  addServerOptions(versions.command("list").description("Lists the versions of a CA set."))
    .argument("<name>", "CA set by name or id")
    .action(async (name: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const body = await client.call("listVersions", { params: await findCaSet(client, name) });
      print(context, options, body, () => renderVersions(body.versions));
    });

  add("show", "Shows a version and its certificates.").action(async (reference: string, options: ServerOptions) => {
    const client = clientOf(options, context);
    const { body, etag } = await client.send("getVersion", { params: await findVersion(client, reference) });
    print(context, options, body, () => renderVersion(body, etag));
  });

  add("tree", "Shows who issued whom in a version.").action(async (reference: string, options: ServerOptions) => {
    const client = clientOf(options, context);
    const chains = await client.call("getTrustChains", { params: await findVersion(client, reference) });
    print(context, options, chains, () => renderTree(chains));
  });

  add("clone", "Makes a new version with the same certificates.").action(
    async (reference: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const clone = await client.call("cloneVersion", { params: await findVersion(client, reference) });
      const warnings = (clone.validation?.warnings ?? []).map((item) => renderItem("warning", item)).join("");
      const words = `${escapeText(clone.caSetName)}@${clone.version} created as a copy.\n`;
      print(context, options, clone, () => `${warnings}${words}`);
    },
  );

  add("bundle", "Writes the certificates of a version as PEM.")
    .option("--output <file>", "write to a new file instead of standard output")
    .action(async (reference: string, options: ServerOptions & { readonly output?: string }) => {
      const client = clientOf(options, context);
      const pem = await client.call("getBundle", { params: await findVersion(client, reference) });
      if (options.output === undefined) context.terminal.out(pem);
      else await writeNewFile(options.output, pem);
    });

  addVersionsWithout(add, context);
  addVersionRecords(add, context);
}

async function writeNewFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === "EEXIST" ? "it exists already" : (code ?? "unknown error");
    throw new CommandFailure(exitCode.usage, `Cannot write ${file}: ${reason}.`, { cause });
  }
}

const versionColumns: readonly Column<VersionView>[] = [
  { title: "VERSION", value: ({ version }) => String(version), align: "right" },
  { title: "STAGING", value: ({ stagingStatus }) => (stagingStatus === "ACTIVE" ? "active" : "-") },
  { title: "PRODUCTION", value: ({ productionStatus }) => (productionStatus === "ACTIVE" ? "active" : "-") },
  { title: "ROOT REQUIRED", value: ({ requireRootCertificate }) => (requireRootCertificate ? "yes" : "no") },
  { title: "CREATED", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "BY", value: ({ createdBy }) => createdBy },
  { title: "DESCRIPTION", value: ({ description }) => description ?? "" },
];

export function renderVersions(versions: readonly VersionView[]): string {
  return renderTable(versions, versionColumns, "No version yet. Make one with: tcm upload NAME FILE");
}

function renderVersion(version: VersionView, etag: string | undefined): string {
  const { requireRootCertificate, allowInsecureSha1, allowDuplicateCommonNames, certificates = [] } = version;
  const options = [
    requireRootCertificate ? "root required" : "root not required",
    ...(allowInsecureSha1 ? ["SHA-1 allowed"] : []),
    ...(allowDuplicateCommonNames ? ["same Common Names allowed"] : []),
  ].join(", ");
  const head = `${version.caSetName}@${version.version}  ${options}${version.description === null ? "" : `  ${version.description}`}`;
  const where = `staging ${version.stagingStatus.toLowerCase()}, production ${version.productionStatus.toLowerCase()}`;
  const tag = etag === undefined ? "" : `tag ${etag.slice(1, -1)}\n`;
  return `${escapeText(head)}\n${where}\n${tag}\n${renderTable(certificates, certificateColumns, "No certificates.")}`;
}

import type { CaSetView, FullAnswer, ProblemItemView, VersionView } from "@tcm/api-contract";
import {
  type ChainStructure,
  checkCaSetName,
  escapeText,
  placeOfPointer,
  renderTree,
  type SplitFiles,
  splitFiles,
} from "@tcm/core";
import type { Command } from "commander";
import { readInput } from "../check/read-input.ts";
import { refuseLocally } from "../check/refuse-locally.ts";
import type { ApiClient } from "../client/api-client.ts";
import { isCaSetId, lookUpCaSet, parseVersionNumber } from "../client/find-ca-set.ts";
import { type LocatePointer, renderItem, renderProblem } from "../client/problem-text.ts";
import { ApiProblem } from "@tcm/api-contract";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { count } from "../output/count.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";
import {
  addVersionOptions,
  applyVersionOptions,
  type GivenVersionOptions,
  versionDefaults,
} from "./version-options.ts";

type UploadOptions = ServerOptions &
  GivenVersionOptions & { readonly description?: string; readonly version?: string; readonly dryRun?: true };

export function addUpload(program: Command, context: CommandContext): void {
  const command = program
    .command("upload")
    .summary("make a version of a CA set from PEM files")
    .description(
      "Makes a new version of a CA set from PEM files, and the set where there is none. Everything is checked before anything is written.",
    )
    .argument("<name>", "CA set by name or id")
    .argument("<file...>", 'PEM files, each with one or many certificates; "-" is standard input')
    .option("--description <text>", "what this version is for")
    .option("--version <number>", "replace this version, which was never deployed, instead of making a new one")
    .option("--dry-run", "let the server check everything, and write nothing");
  addServerOptions(addVersionOptions(command))
    .addHelpText("after", "\nExamples:\n  tcm upload partners roots.pem issuing.pem --description 'first partners'")
    .addHelpText("after", "  tcm upload partners bundle.pem --version 2 --allow-duplicate-common-names")
    .action(async (name: string, files: readonly string[], options: UploadOptions) => {
      const split = splitFiles(await readInput(files, context.stdin));
      refuseLocally(split);
      const client = clientOf(options, context);
      try {
        await upload(client, name, split, options, context);
      } catch (error) {
        if (!(error instanceof ApiProblem) || options.json) throw error;
        const located = renderProblem(error, (pointer) => placeOfPointer(split.places, pointer));
        throw new CommandFailure(exitCode.problem, located.trimEnd(), { cause: error });
      }
    });
}

async function upload(
  client: ApiClient,
  name: string,
  { entries, places }: SplitFiles,
  options: UploadOptions,
  context: CommandContext,
): Promise<void> {
  const certificates = [...entries];
  const existing = await lookUpCaSet(client, name);
  const number = options.version === undefined ? undefined : parseVersionNumber(options.version);
  const { body: replaced, etag } = (await findReplaced(client, existing, name, number)) ?? {};
  const chosen = applyVersionOptions(replaced ?? versionDefaults, options);
  const validated = await client.call("validateCertificates", { body: { ...chosen, certificates } });
  const { trustChains } = validated;
  const locate: LocatePointer = (pointer) => placeOfPointer(places, pointer);
  const nothing = `Valid: ${count(validated.certificates.length, "certificate")}. Nothing was written.`;
  if (options.dryRun)
    return print(context, options, validated, () => renderJudged(validated, trustChains, locate, nothing));
  const caSet = existing ?? (await client.call("createCaSet", { body: { caSetName: name } }));
  const description = options.description ?? replaced?.description ?? null;
  const request = { ...chosen, certificates, description };
  const version =
    number === undefined
      ? await client.call("createVersion", { params: caSet, body: request })
      : await client.call("replaceVersion", {
          params: { ...caSet, version: number },
          body: request,
          // What is kept of it, options and description, is what was read.
          ...(etag !== undefined && { ifMatch: etag }),
        });
  print(context, options, version, () =>
    renderJudged(version, trustChains, locate, renderUploaded(version, number !== undefined)),
  );
}

/** Before anything is asked of the server about certificates: is there what should be replaced, can the name be taken? */
async function findReplaced(
  client: ApiClient,
  caSet: CaSetView | undefined,
  name: string,
  number: number | undefined,
): Promise<FullAnswer<VersionView> | undefined> {
  if (caSet !== undefined)
    return number === undefined ? undefined : client.send("getVersion", { params: { ...caSet, version: number } });
  if (number === undefined && !isCaSetId(name) && checkCaSetName(name) === undefined) return undefined;
  const advice = "A name has 3 to 64 letters, digits and _ - . %, not only digits.";
  throw new CommandFailure(exitCode.problem, `There is no CA set "${name}", and it cannot be made. ${advice}`);
}

type Judged = Pick<VersionView, "validation" | "advisories">;

/** The structure, then warnings and advice, then what was done. */
function renderJudged(
  { validation, advisories }: Judged,
  trustChains: ChainStructure,
  locate: LocatePointer,
  done: string,
): string {
  const items = (word: string, list: readonly ProblemItemView[] | null | undefined): string =>
    (list ?? []).map((item) => renderItem(word, item, locate)).join("");
  return `${renderTree(trustChains)}\n${items("warning", validation?.warnings)}${items("advice", advisories)}${done}\n`;
}

function renderUploaded({ caSetName, version, certificates = [] }: VersionView, isReplaced: boolean): string {
  const reference = escapeText(`${caSetName}@${version}`);
  const done = `${reference} ${isReplaced ? "replaced" : "created"}: ${count(certificates.length, "certificate")}.`;
  return `${done}\nNext: tcm deploy ${reference} --wait`;
}

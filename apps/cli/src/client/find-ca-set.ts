import type { CaSetView } from "@tcm/api-contract";
import { checkCaSetName } from "@tcm/core";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import type { ApiClient } from "./api-client.ts";

/** A set by its exact name, else by its id; undefined when neither is there. */
export async function lookUpCaSet(client: ApiClient, nameOrId: string): Promise<CaSetView | undefined> {
  const isName = checkCaSetName(nameOrId) === undefined;
  const { caSets } = isName
    ? await client.call("listCaSets", { query: { caSetNamePrefix: nameOrId } })
    : { caSets: [] };
  const named = caSets.find(({ caSetName }) => caSetName === nameOrId);
  if (named !== undefined || !isCaSetId(nameOrId)) return named;
  return client.call("getCaSet", { params: { caSetId: nameOrId } });
}

export async function findCaSet(client: ApiClient, nameOrId: string): Promise<CaSetView> {
  const found = await lookUpCaSet(client, nameOrId);
  if (found !== undefined) return found;
  throw new CommandFailure(exitCode.problem, `There is no CA set "${nameOrId}". List them with: tcm sets`);
}

export function isCaSetId(text: string): boolean {
  return /^[1-9][0-9]{0,9}$/.test(text);
}

export type VersionReference = { readonly caSet: string; readonly version: number | undefined };

/** `partners@3`, or `partners` for whatever version is meant then. */
export function parseVersionReference(text: string): VersionReference {
  const at = text.lastIndexOf("@");
  if (at < 0) return { caSet: text, version: undefined };
  return { caSet: text.slice(0, at), version: parseVersionNumber(text.slice(at + 1)) };
}

export function parseVersionNumber(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new CommandFailure(exitCode.usage, `"${text}" is no version number. Write NAME@VERSION, such as partners@3.`);
}

/** The version that is meant: the one in the reference, else the latest. */
export function versionOrLatest({ caSetName, latestVersion }: CaSetView, version: number | undefined): number {
  const chosen = version ?? latestVersion;
  if (chosen !== null) return chosen;
  throw new CommandFailure(
    exitCode.problem,
    `CA set "${caSetName}" has no version yet. Upload one with: tcm upload ${caSetName} FILE`,
  );
}

export type VersionPath = { readonly caSetId: string; readonly version: number };

export async function findVersion(client: ApiClient, reference: string): Promise<VersionPath> {
  const { caSet: name, version } = parseVersionReference(reference);
  const caSet = await findCaSet(client, name);
  return { caSetId: caSet.caSetId, version: versionOrLatest(caSet, version) };
}

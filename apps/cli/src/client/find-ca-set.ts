import { ApiProblem, type CaSetView } from "@tcm/api-contract";
import { checkCaSetName } from "@tcm/core";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import type { ApiClient } from "./api-client.ts";

/** A set by its exact name, else by its id; undefined when neither is there. Refuses to guess where it is the name of one and the id of another. */
export async function lookUpCaSet(client: ApiClient, nameOrId: string): Promise<CaSetView | undefined> {
  const named = await caSetNamed(client, nameOrId);
  if (!isCaSetId(nameOrId)) return named;
  if (named === undefined) return client.call("getCaSet", { params: { caSetId: nameOrId } });
  const numbered = await caSetNumbered(client, nameOrId);
  if (numbered === undefined || numbered.caSetId === named.caSetId) return named;
  throw new CommandFailure(
    exitCode.problem,
    `"${nameOrId}" is the name of the CA set with the id ${named.caSetId}, and the id of the CA set "${numbered.caSetName}". Say ${named.caSetId} or ${numbered.caSetName}.`,
  );
}

async function caSetNamed(client: ApiClient, name: string): Promise<CaSetView | undefined> {
  if (checkCaSetName(name) !== undefined) return undefined;
  const { caSets } = await client.call("listCaSets", { query: { caSetNamePrefix: name } });
  return caSets.find(({ caSetName }) => caSetName === name);
}

async function caSetNumbered(client: ApiClient, caSetId: string): Promise<CaSetView | undefined> {
  try {
    const found = await client.call("getCaSet", { params: { caSetId } });
    return found.caSetStatus === "DELETED" ? undefined : found;
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 404) return undefined;
    throw error;
  }
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

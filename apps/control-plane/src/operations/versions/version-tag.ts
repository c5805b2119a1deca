import type { VersionView } from "@tcm/api-contract";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";
import { fitsIfMatch } from "../if-match.ts";
import { type Refusal, refuse } from "../refuse.ts";
import type { VersionRow } from "./version-row.ts";

/** Changes with every write of the version: two people editing it notice each other, and who deploys notices both. */
export function versionTag(version: Pick<VersionView, "createdDate" | "modifiedDate" | "version">): string {
  return `"v${version.version}-${version.modifiedDate ?? version.createdDate}"`;
}

/** Why nothing is done with a version that is not what the caller has read; undefined when `ifMatch` fits or is absent. */
export function refuseStaleVersion(caSet: CaSetRow, row: VersionRow, ifMatch: string | undefined): Refusal | undefined {
  const { version, created_at: createdDate, modified_at: modifiedDate } = row;
  if (fitsIfMatch(ifMatch, versionTag({ version, createdDate, modifiedDate }))) return undefined;
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version };
  return refuse(
    "precondition-failed",
    `Version ${version} was changed in the meantime, and nothing was done. Read it again and decide anew.`,
    { contextInfo },
  );
}

import type { Queries } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { versionLink } from "../link.ts";
import { countVersions } from "../quota.ts";
import { type Refusal, refuse } from "../refuse.ts";

export function busy(): Refusal {
  return refuse("service-busy", "Too many validations are waiting. Nothing was changed; try again in a few seconds.");
}

export function refuseCount(
  { limits }: OperationContext,
  caSet: CaSetRow,
  count: number,
  version?: number,
): Refusal | undefined {
  if (count <= limits.certificatesPerVersion) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    maxCertificatesPerVersion: limits.certificatesPerVersion,
    submittedCertificatesCount: count,
    ...(version !== undefined && { version }),
  };
  return refuse(
    "certificate-limit-reached",
    `${count} certificates were submitted; a version holds at most ${limits.certificatesPerVersion}. Split the set.`,
    { contextInfo },
  );
}

type CertificateProblem =
  | "certificate-validation-failure-create"
  | "certificate-validation-failure-update"
  | "certificate-validation-failure-activate";

export function refuseCertificates(
  slug: CertificateProblem,
  caSet: CaSetRow,
  { errors }: Pick<ValidationAnswer, "errors">,
  version?: number,
): Refusal {
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, ...(version !== undefined && { version }) };
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return refuse(slug, `The certificates have ${count}; nothing was changed. Each is listed with what to do about it.`, {
    contextInfo,
    errors,
  });
}

export async function refuseVersionLimit(
  queries: Queries,
  { limits }: OperationContext,
  caSet: CaSetRow,
): Promise<Refusal | undefined> {
  const count = await countVersions(queries, caSet.id);
  if (count < limits.versionsPerCaSet) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    maxVersionsPerCaSet: limits.versionsPerCaSet,
  };
  return refuse(
    "ca-set-version-limit-reached",
    `CA set ${caSet.name} has ${count} versions, as many as are allowed. Delete versions that are not needed.`,
    { contextInfo },
  );
}

export async function refuseEqual(queries: Queries, caSet: CaSetRow, digest: string): Promise<Refusal | undefined> {
  const equal = await queries
    .selectFrom("ca_set_versions")
    .select("version")
    .where("ca_set_id", "=", caSet.id)
    .where("content_digest", "=", digest)
    .where("status", "=", "NOT_DELETED")
    .orderBy("version", "desc")
    .executeTakeFirst();
  if (equal === undefined) return undefined;
  const contextInfo = {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    versionLink: versionLink(caSet.id, equal.version),
  };
  return refuse(
    "duplicate-ca-set-version",
    `Version ${equal.version} has the same certificates and options. Deploy that one.`,
    { contextInfo },
  );
}

import { findPrivateKey } from "@tcm/core";
import { z } from "zod";

/** What every database stores and gives back as it came: no NUL, no half of a surrogate pair. */
const storable = z
  .string()
  .refine((text) => !text.includes("\0") && text.isWellFormed(), "NUL and unpaired surrogates cannot be stored.");

/** mETS: 1 to 255 characters or null. A short private key would fit in, and none is ever stored. */
export const description = storable
  .min(1)
  .max(255)
  .refine((text) => !text.includes("-----BEGIN"), "A description is for people; PEM does not belong here.")
  .refine(
    (text) => findPrivateKey(text) === undefined,
    "A description is for people; a private key does not belong here.",
  )
  .nullable();
export const network = z.enum(["STAGING", "PRODUCTION"]);
/** Decimal text, below 2^31 for clients that keep it in 32 bits. */
const idInWords = "It has to be the id of a CA set: a whole number from 1 to 2147483647, as text.";
export const caSetId = z
  .string()
  .regex(/^[1-9][0-9]{0,9}$/, idInWords)
  .refine((id) => Number(id) < 2 ** 31, idInWords);
const timestamp = z.string();

/** Kept apart from the schema: a bad name is a problem of its own, `ca-set-name-validation-failure`. */
export const createCaSetRequest = z.strictObject({ caSetName: z.string(), description: description.optional() });
/** What is left out stays as it is. */
export const renameCaSetRequest = z
  .strictObject({ caSetName: z.string().optional(), description: description.optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), { message: "Nothing to change." });

export const caSet = z.object({
  accountId: z.string(),
  caSetId,
  caSetLink: z.string(),
  caSetName: z.string(),
  caSetStatus: z.enum(["NOT_DELETED", "DELETING", "DELETED"]),
  description: z.string().nullable(),
  latestVersion: z.int().nullable(),
  latestVersionLink: z.string().nullable(),
  stagingVersion: z.int().nullable(),
  stagingVersionLink: z.string().nullable(),
  productionVersion: z.int().nullable(),
  productionVersionLink: z.string().nullable(),
  versionsLink: z.string(),
  createdDate: timestamp,
  createdBy: z.string(),
  deletedDate: timestamp.nullable(),
  deletedBy: z.string().nullable(),
  removalDate: timestamp.nullable(),
  /** Ours: false once a version was deployed anywhere. */
  caSetNameIsEditable: z.boolean(),
});

export const caSetList = z.object({ caSets: z.array(caSet) });

const certificateFacts = {
  subject: z.string(),
  issuer: z.string(),
  startDate: timestamp,
  endDate: timestamp,
  fingerprint: z.string(),
  serialNumber: z.string(),
  signatureAlgorithm: z.string(),
  certificatePem: z.string(),
  description: z.string().nullable(),
};

export const certificate = z.object({ ...certificateFacts, createdDate: timestamp, createdBy: z.string() });
const validatedCertificate = z.object(certificateFacts);

/** One warning, one piece of advice, or one part of a problem. */
export const problemItem = z.object({
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  pointer: z.string().optional(),
  contextInfo: z.record(z.string(), z.unknown()).optional(),
});

export const validation = z.object({ warnings: z.array(problemItem) });

const certificateEntry = z.strictObject({ certificatePem: storable, description: description.optional() });

const versionOptions = {
  allowInsecureSha1: z.boolean().optional(),
  requireRootCertificate: z.boolean().optional(),
  allowDuplicateCommonNames: z.boolean().optional(),
};

/** The number of certificates is checked by the operation, since too many is a problem of its own (422). */
export const versionRequest = z.strictObject({
  ...versionOptions,
  description: description.optional(),
  certificates: z.array(certificateEntry).min(1),
});

export const validateRequest = z.strictObject({
  ...versionOptions,
  certificates: z.array(certificateEntry).min(1),
  /** Ours: what deploying these instead of that version would change is answered too. */
  against: z.strictObject({ caSetId, version: z.int().min(1).max(2_147_483_647) }).optional(),
});

export const version = z.object({
  caSetId,
  caSetName: z.string(),
  version: z.int(),
  versionLink: z.string(),
  description: z.string().nullable(),
  allowInsecureSha1: z.boolean(),
  requireRootCertificate: z.boolean(),
  allowDuplicateCommonNames: z.boolean(),
  stagingStatus: z.enum(["ACTIVE", "INACTIVE"]),
  productionStatus: z.enum(["ACTIVE", "INACTIVE"]),
  createdDate: timestamp,
  createdBy: z.string(),
  modifiedDate: timestamp.nullable(),
  modifiedBy: z.string().nullable(),
  certificates: z.array(certificate).optional(),
  validation: validation.nullable(),
  /** Ours: what is worth knowing and no warning; null on reads. */
  advisories: z.array(problemItem).nullable(),
  removalDate: timestamp.nullable(),
  caSetVersionStatus: z.enum(["NOT_DELETED", "DELETED"]),
});

export const versionList = z.object({ versions: z.array(version) });

const chainMember = z.object({
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  endDate: z.string(),
  kind: z.enum(["root", "intermediate"]),
  issuedBy: z.array(z.string()),
  issues: z.array(z.string()),
  isCoveredFromAbove: z.boolean(),
});

export const trustChains = z.object({
  roots: z.array(z.string()),
  tops: z.array(z.string()),
  members: z.array(chainMember),
});

const memberInShort = z.object({ subject: z.string(), fingerprint: z.string(), endDate: z.string() });
const optionName = z.enum(["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"]);

/** What deploying one content instead of another changes. */
export const versionChanges = z.object({
  added: z.array(memberInShort),
  removed: z.array(memberInShort),
  keptCount: z.int(),
  options: z.array(z.object({ option: optionName, from: z.boolean(), to: z.boolean() })),
  /** What the removal takes away: CAs whose clients lose access, and certificates whose clients are still let in, by whom. */
  effect: z.object({
    losesAccess: z.array(z.object({ subject: z.string(), fingerprint: z.string() })),
    stillTrusted: z.array(z.object({ subject: z.string(), fingerprint: z.string(), by: z.array(z.string()) })),
  }),
});

export const validateResponse = z.object({
  allowInsecureSha1: z.boolean(),
  requireRootCertificate: z.boolean(),
  allowDuplicateCommonNames: z.boolean(),
  certificates: z.array(validatedCertificate),
  validation,
  advisories: z.array(problemItem),
  trustChains,
  /** Only when the request says against what. */
  changes: versionChanges.optional(),
});

export type RenameCaSetRequest = z.infer<typeof renameCaSetRequest>;
export type CaSetView = z.infer<typeof caSet>;
export type CertificateView = z.infer<typeof certificate>;
export type VersionView = z.infer<typeof version>;
export type VersionRequest = z.infer<typeof versionRequest>;
export type ValidateRequest = z.infer<typeof validateRequest>;
export type VersionChanges = z.infer<typeof versionChanges>;
export type ValidateResponse = z.infer<typeof validateResponse>;
export type ProblemItemView = z.infer<typeof problemItem>;

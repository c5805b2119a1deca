import { X509Certificate } from "node:crypto";

/** The objects of the mETS reference, section 2, as they leave the server: written from the reference alone, to be held against it. */
export const base = "/mtls-edge-truststore/v2";

type Json = Readonly<Record<string, unknown>>;
export type Named = { readonly caSetId: string; readonly caSetName: string };

/** §2.1, before anything happened to it. */
export function caSetObject({ caSetId, caSetName }: Named, now: string, by: string, changes: Json = {}): Json {
  const caSetLink = `${base}/ca-sets/${caSetId}`;
  return {
    accountId: "A-TCM",
    caSetId,
    caSetLink,
    caSetName,
    caSetStatus: "NOT_DELETED",
    description: null,
    latestVersion: null,
    latestVersionLink: null,
    stagingVersion: null,
    stagingVersionLink: null,
    productionVersion: null,
    productionVersionLink: null,
    versionsLink: `${caSetLink}/versions/`,
    createdDate: now,
    createdBy: by,
    deletedDate: null,
    deletedBy: null,
    removalDate: null,
    caSetNameIsEditable: true,
    ...changes,
  };
}

/** §2.2 as reads tell it, with our own three options and without certificates. */
export function versionObject(set: Named, version: number, now: string, by: string, changes: Json = {}): Json {
  return {
    ...set,
    version,
    versionLink: `${base}/ca-sets/${set.caSetId}/versions/${version}`,
    description: null,
    allowInsecureSha1: false,
    requireRootCertificate: true,
    allowDuplicateCommonNames: false,
    stagingStatus: "INACTIVE",
    productionStatus: "INACTIVE",
    createdDate: now,
    createdBy: by,
    modifiedDate: null,
    modifiedBy: null,
    validation: null,
    advisories: null,
    removalDate: null,
    caSetVersionStatus: "NOT_DELETED",
    ...changes,
  };
}

/** §2.3 as another X.509 reader sees it; of a certificate with an ECDSA key that SHA-256 signed, named by a common name alone. */
export function certificateObject(pem: string, changes: Json = {}): Json {
  const { subject, issuer, validFrom, validTo, fingerprint256, serialNumber } = new X509Certificate(pem);
  return {
    subject,
    issuer,
    startDate: seconds(validFrom),
    endDate: seconds(validTo),
    fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
    serialNumber: serialNumber.toLowerCase(),
    signatureAlgorithm: "SHA256WITHECDSA",
    certificatePem: pem,
    description: null,
    ...changes,
  };
}

type Begun = { readonly activationId: number; readonly network: string; readonly version: number };

/** §2.5, as it begins. */
export function activationObject(set: Named, begun: Begun, now: string, by: string, changes: Json = {}): Json {
  const caSetLink = `${base}/ca-sets/${set.caSetId}`;
  const versionLink = `${caSetLink}/versions/${begun.version}`;
  return {
    ...begun,
    ...set,
    activationLink: `${versionLink}/activations/${begun.activationId}`,
    activationType: "ACTIVATE",
    activationStatus: "IN_PROGRESS",
    percentComplete: 0,
    failureReason: null,
    caSetLink,
    versionLink,
    createdDate: now,
    createdBy: by,
    modifiedDate: null,
    modifiedBy: null,
    validation: null,
    ...changes,
  };
}

function seconds(date: string): string {
  return new Date(date).toISOString().replace(".000Z", "Z");
}

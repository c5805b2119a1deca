import { z } from "zod";
import { caSetId, certificate, description, network } from "./ca-set-schema.ts";

export const cloneCaSetRequest = z.strictObject({ caSetName: z.string(), description: description.optional() });

const progressStatus = z.enum(["IN_PROGRESS", "COMPLETE", "FAILED"]);

/** How far the deletion of a set has come, network by network. */
export const deletionStatus = z.object({
  caSetId,
  caSetLink: z.string(),
  caSetName: z.string(),
  resourceMethod: z.literal("delete"),
  status: progressStatus,
  statusLink: z.string(),
  startTime: z.string(),
  estimatedEndTime: z.string(),
  endTime: z.string().nullable(),
  failureReason: z.string().nullable(),
  removalDate: z.string().nullable(),
  deletions: z.array(
    z.object({
      network,
      status: progressStatus,
      percentComplete: z.int(),
      failureReason: z.string().nullable(),
    }),
  ),
});

export const activityList = z.object({
  caSetId,
  caSetLink: z.string(),
  caSetName: z.string(),
  caSetStatus: z.enum(["NOT_DELETED", "DELETING", "DELETED"]),
  createdDate: z.string(),
  createdBy: z.string(),
  deletedDate: z.string().nullable(),
  deletedBy: z.string().nullable(),
  activities: z.array(
    z.object({
      type: z.string(),
      network: network.nullable(),
      version: z.int().nullable(),
      activityDate: z.string(),
      activityBy: z.string(),
    }),
  ),
});

const enrollment = z.object({
  enrollmentId: z.int(),
  enrollmentLink: z.string(),
  cn: z.string(),
  stagingSlots: z.array(z.int()),
  productionSlots: z.array(z.int()),
});

/** A property of a content delivery network: there are none here, so that the list is empty or, when not asked for, null. */
const property = z.object({ propertyId: z.string() });

/** Enrollments are edge certificates here. A side that was not asked for is null. */
export const associations = z.object({
  associations: z.object({ properties: z.array(property).nullable(), enrollments: z.array(enrollment).nullable() }),
});

export const versionCertificateList = z.object({
  caSetId,
  caSetName: z.string(),
  version: z.int(),
  certificates: z.array(certificate),
});

export type DeletionStatusView = z.infer<typeof deletionStatus>;
export type ActivityListView = z.infer<typeof activityList>;
export type AssociationsView = z.infer<typeof associations>;
export type VersionCertificateListView = z.infer<typeof versionCertificateList>;

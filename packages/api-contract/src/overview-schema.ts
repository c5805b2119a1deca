import { z } from "zod";
import { caSetId, network } from "./ca-set-schema.ts";
import { activation, trustOpening } from "./deployment-schema.ts";

/** What a network serves of a set, and whose deployment that was. */
const inForce = z.object({
  caSetId,
  network,
  version: z.int(),
  activationId: z.int(),
  activatedDate: z.string(),
  activatedBy: z.string(),
});

/** A certificate of an active version that has expired or soon will. */
const expiringCertificate = z.object({
  caSetId,
  caSetName: z.string(),
  version: z.int(),
  networks: z.array(network),
  subject: z.string(),
  fingerprint: z.string(),
  endDate: z.string(),
});

/** With what tells it from others of its name. */
export const expiringCertificateList = z.object({
  certificates: z.array(
    expiringCertificate.extend({ issuer: z.string(), serialNumber: z.string(), startDate: z.string() }),
  ),
});

/** Somebody confirmed that hostnames are guarded less than before. */
const alarm = z.object({
  date: z.string(),
  by: z.string(),
  edgeCertificateId: z.int(),
  /** The first twenty. */
  openings: z.array(trustOpening),
  openingCount: z.int(),
});

/** One look at everything, beside the lists of sets, edge certificates and nodes. */
export const overview = z.object({
  inForce: z.array(inForce),
  /** The newest of each set on each network; ended or not. */
  lastActivations: z.array(activation),
  /** Those that ended or will within 90 days; the soonest first. */
  expiringCertificates: z.array(expiringCertificate),
  /** Of the last seven days, newest first. */
  alarms: z.array(alarm),
});

export type OverviewView = z.infer<typeof overview>;
export type ExpiringCertificateView = z.infer<typeof expiringCertificateList>["certificates"][number];

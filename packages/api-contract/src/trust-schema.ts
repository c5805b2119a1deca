import { z } from "zod";
import { caSetId, network, versionChanges } from "./ca-set-schema.ts";

/** A client's certificate and what it sends with it, the client's own first. 256 KiB hold far more than an edge accepts. */
export const verifyRequest = z.strictObject({
  clientChainPem: z.string().min(1).max(262_144),
  /** When: now, unless it is said. */
  time: z.iso.datetime({ offset: true }).optional(),
});

const pathCertificate = z.object({ subject: z.string(), fingerprint: z.string(), endDate: z.string() });

const pathProblem = z.object({
  code: z.string(),
  /** Position in the path, 0 the client's certificate. */
  index: z.int(),
  certificate: pathCertificate,
  /** Document and section that decide. */
  cites: z.string(),
  sentence: z.string(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  /** X509_V_ERR_* in the logs of engines on OpenSSL. */
  openSslError: z.int().optional(),
});

/** Whether an edge that serves the version would let the client in, and why, with every path that was tried. */
export const verification = z.object({
  caSetId,
  caSetName: z.string(),
  version: z.int(),
  /** null: the version was asked about, deployed or not. */
  network: network.nullable(),
  verdict: z.enum(["accepted", "refused", "undetermined"]),
  /** Absent when accepted. */
  reason: pathProblem.optional(),
  /** The client's certificate first, the anchor last; absent unless accepted. */
  path: z.array(pathCertificate).optional(),
  validatedAt: z.string().optional(),
  attempts: z.array(z.object({ certificates: z.array(pathCertificate), stop: pathProblem })),
  /** Where engines on OpenSSL would decide otherwise. */
  advice: z.array(
    z.object({
      code: z.string(),
      certificate: pathCertificate,
      sentence: z.string(),
      stop: z.string().optional(),
    }),
  ),
});

const anchorTrust = z.object({
  fingerprint: z.string(),
  subject: z.string(),
  letsIn: z.object({
    /** CAs that may follow below; absent: any number. */
    furtherCas: z.int().optional(),
    clientAuth: z.boolean(),
    permittedNames: z.array(z.string()).optional(),
    excludedNames: z.array(z.string()).optional(),
    until: z.string(),
  }),
  covers: z.array(z.string()),
  coveredBy: z.array(z.string()),
  role: z.enum(["issuing", "pinned", "widening"]),
});

/** What a version really trusts, anchor by anchor, and what trusting only its lowest members would change. */
export const effectiveTrust = z.object({
  anchors: z.array(anchorTrust),
  pinning: z.object({
    kept: z.array(z.string()),
    dropped: z.array(z.object({ fingerprint: z.string(), subject: z.string(), stillServedBy: z.array(z.string()) })),
  }),
});

/** From version `against` to version `version` of one set. */
export const versionDiff = z.object({
  caSetId,
  caSetName: z.string(),
  version: z.int(),
  against: z.int(),
  ...versionChanges.shape,
});

export type VerifyRequest = z.infer<typeof verifyRequest>;
export type VerificationView = z.infer<typeof verification>;
export type EffectiveTrustView = z.infer<typeof effectiveTrust>;
export type VersionDiffView = z.infer<typeof versionDiff>;

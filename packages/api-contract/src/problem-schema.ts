import { z } from "zod";
import { problemItem } from "./ca-set-schema.ts";

/** RFC 9457 with the members of mETS. */
export const problemBody = z.object({
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  status: z.int(),
  instance: z.string(),
  contextInfo: z.record(z.string(), z.unknown()).optional(),
  pointer: z.string().optional(),
  errors: z.array(problemItem).optional(),
  /** With rate-limit-exceeded, as in the headers of the same names. */
  rateLimit: z.int().optional(),
  rateLimitRemaining: z.int().optional(),
  rateLimitNext: z.string().optional(),
});

export type ProblemBody = z.infer<typeof problemBody>;

export const problemTypePrefix = "/mtls-edge-truststore/error-types/";
export const apiBasePath = "/mtls-edge-truststore/v2";

import { z } from "zod";
import { network } from "./ca-set-schema.ts";

/** The public half of a key that signs, or signed, what the nodes of a network serve. */
export const signingKey = z.object({
  network,
  /** First 16 hex digits of SHA-256 of the SPKI. */
  keyId: z.string(),
  /** DER, base64. */
  spki: z.string(),
  status: z.enum(["IN_USE", "RETIRED"]),
  createdDate: z.string(),
  retiredDate: z.string().nullable(),
  retiredBy: z.string().nullable(),
  successorKeyId: z.string().nullable(),
  /** The first generation that it did not sign. */
  retiredFromGeneration: z.string().nullable(),
});

export const signingKeyList = z.object({ signingKeys: z.array(signingKey) });

export const rotateSigningKeyRequest = z.strictObject({ network });

export type SigningKeyView = z.infer<typeof signingKey>;

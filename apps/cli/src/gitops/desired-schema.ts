import { checkCaSetName, hostnameProblem } from "@tcm/core";
import { z } from "zod";

const network = z.enum(["staging", "production"]);
const text = z.string().min(1).max(255);

/** Names and no ids: a document means the same everywhere. */
const caSetName = z.string().refine((name) => checkCaSetName(name) === undefined && !/^\d+$/.test(name), {
  message: "a name has 3 to 64 letters, digits and _ - . %, not only digits",
});

/** What may be written about one CA set. Options that are left out have the defaults of the command line. */
const caSet = z.strictObject({
  name: caSetName,
  description: text.optional(),
  requireRootCertificate: z.boolean().default(true),
  allowInsecureSha1: z.boolean().default(false),
  allowDuplicateCommonNames: z.boolean().default(false),
  /** Files or globs, from the directory of the file that names them. */
  certificates: z.array(text).min(1).max(300),
  /** Where the certificates must be active; what is left out is left alone. */
  networks: z.array(network).max(2).default([]),
});

const edgeCertificate = z.strictObject({
  hostnames: z
    .array(
      z.string().superRefine((name, context) => {
        const problem = hostnameProblem(name);
        if (problem !== undefined) context.addIssue(problem);
      }),
    )
    .min(1)
    .max(100),
  caSet: caSetName,
  mode: z.enum(["deny", "observe"]).default("deny"),
  sendCaListToClient: z.boolean().default(false),
});

/** A whole `tcm.yaml`. Nothing else may be in it: a misspelt option is an error and no surprise. */
export const desiredDocument = z.strictObject({
  caSets: z.array(caSet).max(200).default([]),
  edgeCertificates: z.array(edgeCertificate).max(1_000).default([]),
});

/** What may be written in the document, or in one of what a list of it holds. */
export function fieldsOf(list: string | number | undefined): readonly string[] {
  if (list === "caSets") return Object.keys(caSet.shape);
  return Object.keys(list === "edgeCertificates" ? edgeCertificate.shape : desiredDocument.shape);
}

export type DesiredDocument = z.infer<typeof desiredDocument>;

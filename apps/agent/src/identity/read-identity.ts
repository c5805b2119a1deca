import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type NodeIdentity, nodeIdentity } from "@tcm/api-contract";
import { cutOffWords, unfinishedSince } from "./unfinished-enrolment.ts";
import { StartError } from "../start-error.ts";
import { readCertificate } from "./node-certificate.ts";

const maxIdentityBytes = 64 * 1024;

/** Reads who this node is and whom it trusts. Throws a StartError for a file that is missing, unreadable or open to others. */
export function readIdentity(file: string): NodeIdentity {
  const identity = parse(file, readPrivateFile(file));
  for (const { keyId, spki } of identity.signingKeys) {
    const expected = createHash("sha256").update(Buffer.from(spki, "base64")).digest("hex").slice(0, 16);
    if (keyId !== expected) throw new StartError(`The identity file ${file} names key ${expected} as "${keyId}".`);
  }
  for (const url of [identity.controlPlaneUrl, ...(identity.controlPlaneUrls ?? [])]) checkUrl(file, url);
  if (readCertificate(identity) === undefined) {
    throw new StartError(
      `The certificate in ${file} is not one of node ${identity.nodeId} for the key there. Enrol the node again.`,
    );
  }
  return identity;
}

/** It holds a private key: whoever else can read it can be this node. */
function readPrivateFile(file: string): string {
  try {
    const { mode, size } = statSync(file);
    if ((mode & 0o077) !== 0) {
      throw new StartError(
        `The identity file ${file} can be read by others. Run "chmod 600" on it, and enrol the node again.`,
      );
    }
    if (size > maxIdentityBytes)
      throw new StartError(`The identity file ${file} is larger than ${maxIdentityBytes} bytes.`);
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const reason = isMissing
      ? "does not exist"
      : `cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`;
    const since = isMissing ? unfinishedSince(file) : undefined;
    const next = since === undefined ? "" : ` ${cutOffWords(since)}`;
    throw new StartError(`The identity file ${file} ${reason}.${next}`, { cause });
  }
}

/** Says which field is wrong and never what stands in it. */
function parse(file: string, text: string): NodeIdentity {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StartError(`The identity file ${file} is not JSON. Enrol the node again.`);
  }
  const parsed = nodeIdentity.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new StartError(
    `The identity file ${file} is not a node identity${field && ` (field ${field})`}. Enrol the node again.`,
  );
}

function checkUrl(file: string, text: string): void {
  if (URL.parse(text)?.protocol !== "https:")
    throw new StartError(`A control plane's address in ${file} is not an https URL. Enrol the node again.`);
}

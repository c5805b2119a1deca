import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unfinished, writeDurably } from "../state/write-durably.ts";

/**
 * Beside the identity file from the moment that the token is shown until the identity is on disk: whoever finds it there knows that
 * the token may be used up and the node known, though this machine has no identity of it. Holds no secret.
 */
const pathOf = (identityFile: string): string => `${identityFile}.joining`;

/** Durable when it resolves: the token must not be shown before. */
export async function noteEnrolment(identityFile: string, token: string, at: Date): Promise<void> {
  // Of several tries with one token the first is the one that used it up.
  if (unfinishedSince(identityFile, token) !== undefined) return;
  await writeDurably(pathOf(identityFile), `${JSON.stringify({ token: hashOf(token), at: at.toISOString() })}\n`);
}

/** When the enrolment with this token, or with any, began; undefined when none was cut off. */
export function unfinishedSince(identityFile: string, token?: string): string | undefined {
  try {
    const found = JSON.parse(readFileSync(pathOf(identityFile), "utf8")) as Readonly<Record<string, unknown>>;
    const isSame = token === undefined || found["token"] === hashOf(token);
    return isSame && typeof found["at"] === "string" && !Number.isNaN(Date.parse(found["at"]))
      ? found["at"]
      : undefined;
  } catch {
    return undefined;
  }
}

export async function forgetEnrolment(identityFile: string): Promise<void> {
  await rm(pathOf(identityFile), { force: true });
}

/** What runs that were killed left of an identity: it has a private key in it. */
export async function removeRemains(identityFile: string): Promise<void> {
  const directory = dirname(identityFile);
  const name = basename(identityFile);
  const isRemain = (file: string): boolean => file.startsWith(`${name}.`) && file.endsWith(unfinished);
  for (const file of (await readdir(directory)).filter(isRemain)) await rm(join(directory, file), { force: true });
}

export function cutOffWords(at: string): string {
  return `An enrolment began here at ${at} and was cut off after its join token was shown: the token is used up if the control plane let the node in, which "tcm nodes" then shows as never seen. Make a new token with "tcm edge token --node" for the same name, and run enrol with it.`;
}

function hashOf(token: string): string {
  return createHash("sha256").update(token.trim()).digest("hex");
}

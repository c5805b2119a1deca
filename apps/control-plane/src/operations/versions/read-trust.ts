import type { Outcome } from "@tcm/core";
import type { TrustAnswer } from "../../validation/worker-question.ts";
import type { OperationContext } from "../context.ts";
import { busy } from "./refuse-version.ts";
import { done } from "../refuse.ts";
import { findStoredVersion } from "./stored-members.ts";

/** How the members of a version hang together, and what each of them makes trusted. */
export async function versionTrust(
  { store: { db }, validation }: OperationContext,
  caSetId: number,
  version: number,
): Promise<Outcome<TrustAnswer>> {
  const found = await findStoredVersion(db, caSetId, version);
  if (!found.ok) return found;
  const answer = await validation.ask({ task: "trust", members: found.value.members });
  return answer === "busy" ? busy() : done(answer);
}

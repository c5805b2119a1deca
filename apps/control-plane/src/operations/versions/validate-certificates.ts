import type { ValidateRequest, ValidateResponse } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import type { Actor } from "../actor.ts";
import { compareDraft } from "./compare-versions.ts";
import { type OperationContext, seconds } from "../context.ts";
import { busy } from "./refuse-version.ts";
import { entryOf, tokenDefaults, withDefaults } from "./version-request.ts";
import { done, refuse } from "../refuse.ts";
import { itemList } from "./problem-item.ts";
import type { SubmittedEntry } from "./store-version.ts";

/** The dry run of an upload: everything that creating a version would say, and the structure, with nothing written. */
export async function validateCertificates(
  context: OperationContext,
  actor: Actor,
  request: ValidateRequest,
): Promise<Outcome<ValidateResponse>> {
  const { certificatesPerVersion } = context.limits;
  const count = request.certificates.length;
  if (count > certificatesPerVersion) {
    const contextInfo = { maxCertificatesPerVersion: certificatesPerVersion, submittedCertificatesCount: count };
    return refuse(
      "certificate-limit-reached",
      `${count} certificates were submitted; a version holds at most ${certificatesPerVersion}.`,
      { contextInfo },
    );
  }
  const entries = request.certificates.map(entryOf);
  const options = withDefaults(request, actor.defaults ?? tokenDefaults);
  const answer = await context.validation.ask({
    certificates: entries,
    options,
    occasion: "validate",
    now: seconds(context),
  });
  if (answer === "busy") return busy();
  if (answer.errors.length > 0) {
    const errors = answer.errors.length === 1 ? "1 error" : `${answer.errors.length} errors`;
    return refuse(
      "certificate-validation-failure",
      `The certificates have ${errors}. Each is listed with what to do about it.`,
      { errors: answer.errors },
    );
  }
  const validated = presentValidation(entries, options, answer);
  if (request.against === undefined) return done(validated);
  const changes = await compareDraft(context, { options, answer }, request.against);
  return changes.ok ? done({ ...validated, changes: changes.value }) : changes;
}

function presentValidation(
  entries: readonly SubmittedEntry[],
  options: CaSetOptions,
  answer: ValidationAnswer,
): ValidateResponse {
  const certificates = answer.entries.flatMap((read, index) => {
    const entry = entries[index];
    return read === null || entry === undefined ? [] : [{ ...read.facts, ...entry }];
  });
  const { roots, tops, members } = answer.trustChains;
  const trustChains = {
    roots: [...roots],
    tops: [...tops],
    members: members.map((member) => ({ ...member, issuedBy: [...member.issuedBy], issues: [...member.issues] })),
  };
  return {
    ...options,
    certificates,
    validation: { warnings: itemList(answer.warnings) },
    advisories: itemList(answer.advisories),
    trustChains,
  };
}

import type { ChainStructure, EffectiveTrust, RemovalEffect } from "@tcm/core";
import type { ValidationAnswer, ValidationQuestion } from "./validation-answer.ts";
import type { VerificationAnswer, VerificationQuestion } from "./verification-answer.ts";

/** Members as stored: DER as base64, which crosses a thread and is decoded there. */
export type TrustQuestion = { readonly task: "trust"; readonly members: readonly string[] };
export type TrustAnswer = { readonly trustChains: ChainStructure; readonly effectiveTrust: EffectiveTrust };

/** What going from one list of members to another takes away. */
export type RemovalQuestion = {
  readonly task: "removal";
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** Everything that checks many signatures: it is asked of a worker, and never answered on the event loop. */
export type WorkerQuestion = ValidationQuestion | VerificationQuestion | TrustQuestion | RemovalQuestion;

export type AnswerTo<Q extends WorkerQuestion> = Q extends VerificationQuestion
  ? VerificationAnswer
  : Q extends TrustQuestion
    ? TrustAnswer
    : Q extends RemovalQuestion
      ? RemovalEffect
      : ValidationAnswer;

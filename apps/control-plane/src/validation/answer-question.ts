import { buildIssuerGraph, chainStructure, effectiveTrust, type RemovalEffect, removalEffect } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { decodeMembers } from "./decode-members.ts";
import { answerValidation } from "./validation-answer.ts";
import { answerVerification } from "./verification-answer.ts";
import type { AnswerTo, RemovalQuestion, TrustAnswer, TrustQuestion, WorkerQuestion } from "./worker-question.ts";

/** What the worker answers to whatever it is asked. */
export function answerQuestion(question: WorkerQuestion): AnswerTo<WorkerQuestion> {
  if (!("task" in question)) return answerValidation(question);
  switch (question.task) {
    case "verify":
      return answerVerification(question);
    case "trust":
      return answerTrust(question);
    case "removal":
      return answerRemoval(question);
  }
}

function answerTrust({ members }: TrustQuestion): TrustAnswer {
  const certificates = decodeMembers(members);
  const graph = buildIssuerGraph(certificates, nodeCrypto);
  return { trustChains: chainStructure(certificates, graph), effectiveTrust: effectiveTrust(certificates, graph) };
}

/** The graph spans both sides; a certificate that stays is one and the same in it. */
function answerRemoval({ before, after }: RemovalQuestion): RemovalEffect {
  const all = new Map([...new Set([...before, ...after])].map((der) => [der, decodeMembers([der])[0]] as const));
  const side = (members: readonly string[]) => members.flatMap((der) => all.get(der) ?? []);
  const graph = buildIssuerGraph(
    [...all.values()].flatMap((one) => one ?? []),
    nodeCrypto,
  );
  return removalEffect(side(before), side(after), graph);
}

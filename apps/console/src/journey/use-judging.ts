import { ApiProblem } from "@tcm/api-contract";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { client } from "../api/client.ts";
import { type Draft, type DraftChange, draftBody, type Verdict } from "./draft.ts";

export type Judging = {
  readonly judge: (draft: Draft) => void;
  readonly isPending: boolean;
  /** Why the server said nothing about the certificates. */
  readonly error: Error | null;
};

/** Asks the server about a draft, and at once about one that is as a version has it: its structure is shown from the start. */
export function useJudging(draft: Draft, onChange: (change: DraftChange) => void): Judging {
  const { mutate, isPending, error } = useMutation({
    mutationFn: judgeDraft,
    networkMode: "always",
    onSuccess: (verdict, { revision }) => onChange({ type: "judge", verdict, revision }),
  });
  const asked = useRef<Draft["certificates"]>(undefined);
  useEffect(() => {
    const { revision, certificates } = draft;
    if (revision > 0 || certificates.length === 0 || asked.current === certificates) return;
    asked.current = certificates;
    mutate(draft);
  }, [mutate, draft]);
  return { judge: mutate, isPending, error };
}

async function judgeDraft(draft: Draft): Promise<Verdict> {
  try {
    return { ok: true, response: await client.call("validateCertificates", { body: draftBody(draft) }) };
  } catch (error) {
    if (error instanceof ApiProblem && isAboutCertificates(error))
      return { ok: false, items: error.problem.errors ?? [], error };
    throw error;
  }
}

/** Whoever is not signed in, or comes too often, has learned nothing about their certificates. */
function isAboutCertificates({ problem: { status } }: ApiProblem): boolean {
  return status === 400 || status === 413 || status === 422;
}

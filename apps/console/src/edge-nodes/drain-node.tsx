import type { EdgeNodeView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { BusyButton } from "../text/busy-button.tsx";

/** For a node that will come back: what is under way goes on without it. */
export function DrainNode({ node: { nodeId, drained } }: { readonly node: EdgeNodeView }) {
  const queries = useQueryClient();
  const drain = useMutation({
    mutationFn: () => client.call("changeEdgeNode", { params: { nodeId }, body: { drained: !drained } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      {drain.isError && <ProblemAlert error={drain.error} />}
      <BusyButton variant="secondary" onClick={() => drain.mutate()} isBusy={drain.isPending}>
        {drained ? "Take back into service" : "Drain: wait for it no more"}
      </BusyButton>
    </>
  );
}

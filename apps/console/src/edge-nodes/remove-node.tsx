import { Button, Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import type { EdgeNodeView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { client } from "../api/client.ts";
import { DangerFooter } from "../text/danger-footer.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";

/** For a node that is lost or stolen: it is shut out at once, and known no more. */
export function RemoveNode({ node: { nodeId } }: { readonly node: EdgeNodeView }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.call("removeEdgeNode", { params: { nodeId } }),
    onSuccess: async () => {
      // The page goes first: it would ask for a node that is not there.
      await navigate({ to: "/edge-nodes" });
      await queries.invalidateQueries();
    },
  });
  const close = (): void => setOpen(false);
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Remove
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby="remove-title">
        <ModalHeader title={`Remove ${nodeId}?`} labelId="remove-title" titleIconVariant="warning" />
        <ModalBody>
          {remove.isError && <ProblemAlert error={remove.error} />}
          <p className="tcm-block">
            Its certificate is void at once, its connection ends, and deployments that wait for it go on without it. It
            may join again with a new token.
          </p>
          <p>
            The machine itself serves what it has until somebody stops it: nobody can tell it otherwise any more. Drain
            a node that will come back.
          </p>
        </ModalBody>
        <DangerFooter action="Remove the node" mutation={remove} onKeep={close} />
      </Modal>
    </>
  );
}

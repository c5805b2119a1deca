import { Button, Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import type { CaSetView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { DangerFooter } from "../text/danger-footer.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { obstaclesOf } from "./deletion-refusal.ts";
import { Obstacles } from "./obstacles.tsx";

/** The server refuses while the set is in use, and says by whom. */
export function DeleteSet({ set: { caSetId, caSetName } }: { readonly set: CaSetView }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.call("deleteCaSet", { params: { caSetId } }),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries();
    },
  });
  const close = (): void => {
    setOpen(false);
    remove.reset();
  };
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Delete
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby="delete-title">
        <ModalHeader title={`Delete ${caSetName}?`} labelId="delete-title" titleIconVariant="warning" />
        <ModalBody>
          {remove.isError && (
            <div className="tcm-block">
              <ProblemAlert error={remove.error} />
              <Obstacles caSetId={caSetId} obstacles={obstaclesOf(remove.error)} onGo={close} />
            </div>
          )}
          <p>
            A set that a network serves is withdrawn there first. It is deleted once the nodes have proved that they
            hold nothing of it. Its record is kept for 30 days; its versions can no longer be deployed.
          </p>
        </ModalBody>
        <DangerFooter action="Delete the set" mutation={remove} onKeep={close} />
      </Modal>
    </>
  );
}

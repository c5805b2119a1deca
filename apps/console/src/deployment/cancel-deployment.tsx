import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import type { ActivationView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { cancelText } from "./outcome.ts";
import { BusyButton } from "../text/busy-button.tsx";

/** Says what is put back before it does so: it is an operator's word, hence also for a removal. */
export function CancelDeployment({ activation }: { readonly activation: ActivationView }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { caSetId, version, activationId } = activation;
  const cancel = useMutation({
    mutationFn: () => client.call("cancelActivation", { params: { caSetId, version, activationId } }),
    onSuccess: () => setOpen(false),
    // It may have ended by itself meanwhile.
    onSettled: () => queries.invalidateQueries(),
  });
  const close = (): void => setOpen(false);
  return (
    <>
      <Button variant="secondary" isDanger onClick={() => setOpen(true)}>
        Cancel this deployment
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby="cancel-title">
        <ModalHeader title="Cancel this deployment?" labelId="cancel-title" titleIconVariant="warning" />
        <ModalBody>
          {cancel.isError && <ProblemAlert error={cancel.error} />}
          <p>{cancelText(activation)}</p>
        </ModalBody>
        <ModalFooter>
          <BusyButton variant="danger" onClick={() => cancel.mutate()} isBusy={cancel.isPending}>
            Cancel and put back
          </BusyButton>
          <Button variant="link" onClick={close}>
            Let it run
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}

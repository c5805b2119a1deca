import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import type { ActivationKey } from "./activation-key.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = { readonly activation: ActivationKey; readonly nodeId: string };

/** For a node that is known to be away: the deployment ends without it. */
export function ExcludeNode({ activation: params, nodeId }: Props) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const exclude = useMutation({
    mutationFn: () => client.call("excludeNode", { params, body: { nodeId } }),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries();
    },
  });
  const close = (): void => setOpen(false);
  return (
    <>
      <Button variant="link" isInline onClick={() => setOpen(true)} aria-label={`Exclude ${nodeId}`}>
        Exclude
      </Button>
      <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby="exclude-title">
        <ModalHeader title={`Go on without ${nodeId}?`} labelId="exclude-title" titleIconVariant="warning" />
        <ModalBody>
          {exclude.isError && <ProblemAlert error={exclude.error} />}
          <p className="tcm-block">
            This deployment no longer waits for it, and the record says that you took it out. When this removes a CA,
            nobody has proved that the node stopped trusting it.
          </p>
          <p>It still gets what its network serves when it connects.</p>
        </ModalBody>
        <ModalFooter>
          <BusyButton onClick={() => exclude.mutate()} isBusy={exclude.isPending}>
            Exclude the node
          </BusyButton>
          <Button variant="link" onClick={close}>
            Wait for it
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}

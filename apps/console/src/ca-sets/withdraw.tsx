import { Alert, Button, Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Network } from "@tcm/core";
import { useState } from "react";
import { client } from "../api/client.ts";
import { DangerFooter } from "../text/danger-footer.tsx";
import { networkName } from "../text/network-name.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { obstaclesOf } from "./deletion-refusal.ts";
import { Obstacles } from "./obstacles.tsx";

type Props = { readonly caSetId: string; readonly version: number; readonly network: Network };

/** Takes a set off a network; every client it let in there is refused from then on. */
export function Withdraw(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const where = networkName[props.network].toLowerCase();
  return (
    <>
      <Button variant="link" isDanger size="sm" aria-label={`Withdraw from ${where}`} onClick={() => setOpen(true)}>
        Withdraw
      </Button>
      <Confirmation {...props} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

type ConfirmationProps = Props & { readonly isOpen: boolean; readonly onClose: () => void };

function Confirmation({ isOpen, onClose, ...props }: ConfirmationProps) {
  const { caSetId, version, network } = props;
  const withdraw = useWithdrawing(props, onClose);
  const close = (): void => {
    onClose();
    withdraw.reset();
  };
  const where = networkName[network].toLowerCase();
  const title = `withdraw-${where}`;
  return (
    <Modal isOpen={isOpen} variant="small" onClose={close} aria-labelledby={title}>
      <ModalHeader
        title={`Withdraw version ${version} from ${where}?`}
        labelId={title}
        titleIconVariant={network === "PRODUCTION" ? "danger" : "warning"}
      />
      <ModalBody>
        {withdraw.isError && (
          <div className="tcm-block">
            <ProblemAlert error={withdraw.error} />
            <Obstacles caSetId={caSetId} obstacles={obstaclesOf(withdraw.error)} onGo={close} />
          </div>
        )}
        <Alert
          variant="warning"
          isInline
          isPlain
          component="p"
          title={`Every client that this set lets in on ${where} is refused from then on.`}
        />
      </ModalBody>
      <DangerFooter action="Withdraw it" mutation={withdraw} onKeep={close} />
    </Modal>
  );
}

/** Leads to where it is followed. */
function useWithdrawing({ caSetId, version, network }: Props, onBegun: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => client.call("deactivateVersion", { params: { caSetId, version }, body: { network } }),
    onSuccess: async ({ activationId }) => {
      onBegun();
      await navigate({
        to: "/ca-sets/$caSetId/versions/$version/deployments/$activationId",
        params: { caSetId, version: String(version), activationId: String(activationId) },
      });
      await queries.invalidateQueries();
    },
  });
}

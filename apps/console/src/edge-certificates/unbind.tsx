import { Button } from "@patternfly/react-core";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { ConfirmOpening } from "./confirm-opening.tsx";
import { openingsOf } from "./openings.ts";
import type { Unbound } from "./unbinding-progress.tsx";

type Props = { readonly edgeCertificate: EdgeCertificateView; readonly onUnbound: (unbound: Unbound) => void };

/**
 * Takes the hostnames off their set. The dialog is there at once and asks the server inside what that opens: without a word that it is
 * meant the server never does it, since whatever is unbound is guarded less.
 */
export function Unbind({ edgeCertificate, onUnbound }: Props) {
  const { edgeCertificateId, hostnames } = edgeCertificate;
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const call = { params: { edgeCertificateId } };
  const onSuccess = (): Promise<void> => {
    setOpen(false);
    onUnbound({ edgeCertificateId, hostnames });
    return queries.invalidateQueries();
  };
  const ask = useMutation({ mutationFn: () => client.call("deleteEdgeCertificate", call), onSuccess });
  const unbind = useMutation({
    mutationFn: () => client.call("deleteEdgeCertificate", { ...call, query: { confirm: true } }),
    onSuccess,
  });
  const openings = openingsOf(ask.error);
  const open = (): void => {
    unbind.reset();
    setOpen(true);
    ask.mutate();
  };
  return (
    <>
      <Button variant="link" isInline isDanger onClick={open} aria-label={`Unbind ${hostnames[0]}`}>
        Unbind
      </Button>
      {isOpen && (
        <ConfirmOpening
          openings={openings}
          error={unbind.error ?? (openings === undefined ? ask.error : null)}
          isBusy={ask.isPending || unbind.isPending}
          onConfirm={() => unbind.mutate()}
          onCancel={() => setOpen(false)}
        />
      )}
    </>
  );
}

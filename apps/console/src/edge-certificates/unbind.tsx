import { Button } from "@patternfly/react-core";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { ConfirmOpening } from "./confirm-opening.tsx";
import { openingsOf } from "./openings.ts";

/** Takes the hostnames off their set; the server says what that opens, and is told again when it is meant. */
export function Unbind({ edgeCertificate }: { readonly edgeCertificate: EdgeCertificateView }) {
  const { edgeCertificateId, hostnames } = edgeCertificate;
  const queries = useQueryClient();
  const unbind = useMutation({
    mutationFn: (confirm: boolean) =>
      client.call("deleteEdgeCertificate", { params: { edgeCertificateId }, ...(confirm && { query: { confirm } }) }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const openings = openingsOf(unbind.error);
  return (
    <>
      <Button
        variant="link"
        isInline
        isDanger
        onClick={() => unbind.mutate(false)}
        aria-label={`Unbind ${hostnames[0]}`}
      >
        Unbind
      </Button>
      {unbind.isError && openings === undefined && <ProblemAlert error={unbind.error} />}
      {openings !== undefined && (
        <ConfirmOpening
          openings={openings}
          isBusy={unbind.isPending}
          onConfirm={() => unbind.mutate(true)}
          onCancel={unbind.reset}
        />
      )}
    </>
  );
}

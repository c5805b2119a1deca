import { Button, EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CaSetView } from "@tcm/api-contract";
import { read } from "../api/queries.ts";
import { EdgeCertificatesTable } from "../edge-certificates/edge-certificates-table.tsx";
import { Followed, type OpenAbove } from "../edge-certificates/followed.tsx";
import { missingNetworks } from "../edge-certificates/missing-networks.ts";
import { useMay } from "../session/session-query.ts";
import { Associate } from "./associate.tsx";
import { BothNetworksRule } from "./both-networks-rule.tsx";

/** The edge certificates whose clients this set authenticates, and the way to make it more of them. */
export function AssociationsTab({ set }: { readonly set: CaSetView }) {
  const { data } = useSuspenseQuery(read("listEdgeCertificates"));
  const bound = data.edgeCertificates.filter((one) => one.clientAuthentication.caSetId === set.caSetId);
  const mayChange = useMay("change-edges") && set.caSetStatus === "NOT_DELETED";
  const isReady = missingNetworks(set).length === 0;
  const [open, setOpen] = useState<OpenAbove>();
  const close = (): void => setOpen(undefined);
  const watch = (edgeCertificateId: number): void => setOpen({ what: "progress", edgeCertificateId });
  return (
    <>
      {set.caSetStatus === "NOT_DELETED" && !isReady && <BothNetworksRule set={set} />}
      {mayChange && isReady && open?.what !== "form" && (
        <Button
          variant="secondary"
          className="tcm-block"
          onClick={() => setOpen({ what: "form", edgeCertificateId: undefined })}
        >
          Associate an edge certificate
        </Button>
      )}
      {open?.what === "form" && (
        <Associate
          key={open.edgeCertificateId}
          set={set}
          edgeCertificates={data.edgeCertificates}
          first={open.edgeCertificateId}
          onSaved={watch}
          onCancel={close}
        />
      )}
      {open !== undefined && open.what !== "form" && (
        <Followed change={open} edgeCertificates={bound} onClose={close} />
      )}
      {bound.length === 0 ? (
        <EmptyState titleText="No edge certificate is associated with this set" headingLevel="h2">
          <EmptyStateBody>
            Once one is, clients of its hostnames must show a certificate of one of these CAs.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <EdgeCertificatesTable
          label="Edge certificates that use this set"
          edgeCertificates={bound}
          isOfOneSet
          mayChange={mayChange}
          onEdit={(edgeCertificateId) => setOpen({ what: "form", edgeCertificateId })}
          onWatch={watch}
          onUnbound={(unbound) => setOpen({ what: "unbound", unbound })}
        />
      )}
    </>
  );
}

import { Button, EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import type { EdgeCertificateView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { plural } from "../text/time-text.ts";
import { AssociationForm } from "./association-form.tsx";
import { edgeCertificateRows } from "./edge-certificate-rows.ts";
import { EdgeCertificatesTable } from "./edge-certificates-table.tsx";
import { Followed, type OpenAbove } from "./followed.tsx";

/** More than are seen at a glance. */
const maxUnfiltered = 5;

/** Which hostnames ask their clients for a certificate, and whose they accept. */
export function EdgeCertificatesPage() {
  usePageTitle("Edge certificates");
  const { edgeCertificates } = useSuspenseQuery(read("listEdgeCertificates")).data;
  const [open, setOpen] = useState<OpenAbove>();
  return (
    <PageSection>
      <Head open={open} onOpen={setOpen} />
      {open !== undefined && <WhatIsOpen open={open} edgeCertificates={edgeCertificates} onOpen={setOpen} />}
      {edgeCertificates.length === 0 ? (
        <EmptyState titleText="No edge certificate is associated with a set" headingLevel="h2">
          <EmptyStateBody>
            A set must be on staging and production before an edge certificate can be associated with it.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <Filtered edgeCertificates={edgeCertificates} onOpen={setOpen} />
      )}
    </PageSection>
  );
}

type OnOpen = { readonly onOpen: (open: OpenAbove | undefined) => void };
type Listed = { readonly edgeCertificates: readonly EdgeCertificateView[] };

function Head({ open, onOpen }: OnOpen & { readonly open: OpenAbove | undefined }) {
  return (
    <div className="tcm-head">
      <div>
        <h1 className="tcm-title">Edge certificates</h1>
        <p>
          From the moment an edge certificate is associated with a set, clients of its hostnames must show a certificate
          of one of its CAs.
        </p>
      </div>
      {useMay("change-edges") && (
        <div className="tcm-actions">
          <Button
            variant={open?.what === "form" ? "secondary" : "primary"}
            onClick={() => onOpen({ what: "form", edgeCertificateId: undefined })}
          >
            Associate an edge certificate
          </Button>
        </div>
      )}
    </div>
  );
}

function WhatIsOpen({ open, edgeCertificates, onOpen }: OnOpen & Listed & { readonly open: OpenAbove }) {
  const close = (): void => onOpen(undefined);
  if (open.what === "form")
    return (
      <AssociationForm
        key={open.edgeCertificateId}
        edgeCertificateId={open.edgeCertificateId}
        onSaved={(edgeCertificateId) => onOpen({ what: "progress", edgeCertificateId })}
        onCancel={close}
      />
    );
  return <Followed change={open} edgeCertificates={edgeCertificates} onClose={close} />;
}

function Filtered({ edgeCertificates, onOpen }: OnOpen & Listed) {
  const mayChange = useMay("change-edges");
  const [words, setWords] = useState("");
  const rows = edgeCertificateRows(edgeCertificates, useDeferredValue(words));
  return (
    <>
      {edgeCertificates.length > maxUnfiltered && (
        <FilterBar
          label="Filter by hostname or set"
          words={words}
          onWords={setWords}
          found={`${rows.length} of ${plural(edgeCertificates.length, "edge certificate")}`}
        />
      )}
      <EdgeCertificatesTable
        label="Edge certificates"
        edgeCertificates={rows}
        mayChange={mayChange}
        onEdit={(edgeCertificateId) => onOpen({ what: "form", edgeCertificateId })}
        onWatch={(edgeCertificateId) => onOpen({ what: "progress", edgeCertificateId })}
        onUnbound={(unbound) => onOpen({ what: "unbound", unbound })}
      />
    </>
  );
}

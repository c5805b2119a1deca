import { Button, EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { plural } from "../text/time-text.ts";
import { AssociationForm } from "./association-form.tsx";
import { BindingProgress } from "./binding-progress.tsx";
import { edgeCertificateRows } from "./edge-certificate-rows.ts";
import { EdgeCertificatesTable } from "./edge-certificates-table.tsx";
import { UnbindingProgress, type Unbound } from "./unbinding-progress.tsx";

/** What is open above the table. */
type Open =
  | { readonly what: "form"; readonly edgeCertificateId: number | undefined }
  | { readonly what: "progress"; readonly edgeCertificateId: number }
  | { readonly what: "unbound"; readonly unbound: Unbound };

/** More than are seen at a glance. */
const maxUnfiltered = 5;

/** Which hostnames ask their clients for a certificate, and whose they accept. */
export function EdgeCertificatesPage() {
  usePageTitle("Edge certificates");
  const { data } = useSuspenseQuery(read("listEdgeCertificates"));
  const mayChange = useMay("change-edges");
  const [open, setOpen] = useState<Open>();
  const [words, setWords] = useState("");
  const rows = edgeCertificateRows(data.edgeCertificates, useDeferredValue(words));
  const close = (): void => setOpen(undefined);
  const watch = (edgeCertificateId: number): void => setOpen({ what: "progress", edgeCertificateId });
  return (
    <PageSection>
      <div className="tcm-head">
        <div>
          <h1 className="tcm-title">Edge certificates</h1>
          <p>
            From the moment an edge certificate is associated with a set, clients of its hostnames must show a
            certificate of one of its CAs.
          </p>
        </div>
        {mayChange && (
          <div className="tcm-actions">
            <Button
              variant={open?.what === "form" ? "secondary" : "primary"}
              onClick={() => setOpen({ what: "form", edgeCertificateId: undefined })}
            >
              Associate an edge certificate
            </Button>
          </div>
        )}
      </div>
      {open?.what === "form" && (
        <AssociationForm
          key={open.edgeCertificateId}
          edgeCertificateId={open.edgeCertificateId}
          onSaved={watch}
          onCancel={close}
        />
      )}
      {open?.what === "progress" &&
        data.edgeCertificates.some((one) => one.edgeCertificateId === open.edgeCertificateId) && (
          <>
            <BindingProgress edgeCertificateId={open.edgeCertificateId} />
            <Button variant="link" isInline onClick={close} className="tcm-block">
              Close
            </Button>
          </>
        )}
      {open?.what === "unbound" && (
        <>
          <UnbindingProgress {...open.unbound} />
          <Button variant="link" isInline onClick={close} className="tcm-block">
            Close
          </Button>
        </>
      )}
      {data.edgeCertificates.length === 0 ? (
        <EmptyState titleText="No edge certificate is associated with a set" headingLevel="h2">
          <EmptyStateBody>
            A set must be on staging and production before an edge certificate can be associated with it.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <>
          {data.edgeCertificates.length > maxUnfiltered && (
            <FilterBar
              label="Filter by hostname or set"
              words={words}
              onWords={setWords}
              found={`${rows.length} of ${plural(data.edgeCertificates.length, "edge certificate")}`}
            />
          )}
          <EdgeCertificatesTable
            label="Edge certificates"
            edgeCertificates={rows}
            mayChange={mayChange}
            onEdit={(edgeCertificateId) => setOpen({ what: "form", edgeCertificateId })}
            onWatch={watch}
            onUnbound={(unbound) => setOpen({ what: "unbound", unbound })}
          />
        </>
      )}
    </PageSection>
  );
}

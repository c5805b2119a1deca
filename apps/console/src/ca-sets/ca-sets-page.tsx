import { Button, EmptyState, EmptyStateBody, PageSection, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useDeferredValue, useState } from "react";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import type { Order } from "../text/column-order.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { plural } from "../text/time-text.ts";
import { type CaSetColumn, caSetRows } from "./ca-set-rows.ts";
import { CaSetsTable } from "./ca-sets-table.tsx";
import { DeletedSetsTable } from "./deleted-sets-table.tsx";

/** Every set with its version on each network, and those that were deleted within 30 days. */
export function CaSetsPage() {
  const navigate = useNavigate();
  const { show } = useSearch({ from: "/ca-sets" });
  const isDeleted = show === "deleted";
  usePageTitle(isDeleted ? "Deleted certificate sets" : "Certificate sets");
  return (
    <PageSection>
      <div className="tcm-head">
        <h1 className="tcm-title">Certificate sets</h1>
        {useMay("edit") && <Button onClick={() => void navigate({ to: "/ca-sets/new" })}>Create new set</Button>}
      </div>
      <ToggleGroup aria-label="Which sets" className="tcm-block">
        <ToggleGroupItem
          buttonId="sets-there"
          text="There now"
          isSelected={!isDeleted}
          onChange={() => void navigate({ to: "/ca-sets", replace: true })}
        />
        <ToggleGroupItem
          buttonId="sets-deleted"
          text="Deleted"
          isSelected={isDeleted}
          onChange={() => void navigate({ to: "/ca-sets", search: { show: "deleted" }, replace: true })}
        />
      </ToggleGroup>
      <Suspense key={show} fallback={<PagePending />}>
        {isDeleted ? <DeletedSets /> : <LivingSets />}
      </Suspense>
    </PageSection>
  );
}

function LivingSets() {
  const { data } = useSuspenseQuery(read("listCaSets", { query: { caSetStatus: "NOT_DELETED,DELETING" } }));
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order<CaSetColumn>>({ by: "name", direction: "asc" });
  const rows = caSetRows(data.caSets, useDeferredValue(words), order);
  if (data.caSets.length === 0) return <NoSets />;
  return (
    <>
      <FilterBar
        label="Filter by name"
        words={words}
        onWords={setWords}
        found={`${rows.length} of ${plural(data.caSets.length, "set")}`}
      />
      <CaSetsTable rows={rows} order={order} onOrder={setOrder} />
      {rows.length === 0 && <p className="tcm-faint">No set has these words in its name.</p>}
    </>
  );
}

function NoSets() {
  const mayEdit = useMay("edit");
  return (
    <EmptyState titleText="There is no certificate set yet" headingLevel="h2">
      <EmptyStateBody>
        A certificate set holds the CA certificates whose clients your edges let in.
        {mayEdit && " Create one, try it on staging, and deploy it to production."}
      </EmptyStateBody>
    </EmptyState>
  );
}

function DeletedSets() {
  const { data } = useSuspenseQuery(read("listCaSets", { query: { caSetStatus: "DELETED" } }));
  if (data.caSets.length === 0)
    return (
      <EmptyState titleText="No set was deleted within 30 days" headingLevel="h2">
        <EmptyStateBody>What was deleted before that is on the audit record alone.</EmptyStateBody>
      </EmptyState>
    );
  return <DeletedSetsTable sets={data.caSets} />;
}

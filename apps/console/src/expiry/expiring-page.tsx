import { Alert, EmptyState, EmptyStateBody, FormSelect, FormSelectOption, PageSection } from "@patternfly/react-core";
import { useSuspenseQueries } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import type { Order } from "../text/column-order.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { plural } from "../text/time-text.ts";
import { CsvActions } from "./csv-actions.tsx";
import { activeVersionsOf, chosenRows, type ExpiringColumn, type ExpiringRow, expiringRows } from "./expiring-rows.ts";
import { ExpiringTable } from "./expiring-table.tsx";
import { readExpirySearch, thresholds, usualWithin, withins, withinText } from "./expiry-search.ts";
import { ExpiryTimeline } from "./expiry-timeline.tsx";

/** Whole days are told rounded down, so that the last of them has begun. */
const widestDays = thresholds[0] + 1;

/** What ends soon, over every set and network. */
export function ExpiringPage() {
  usePageTitle("Expiring certificates");
  const [{ data: sets }, { data: expiring }] = useSuspenseQueries({
    queries: [read("listCaSets"), read("listExpiringCertificates", { query: { expiryThresholdInDays: widestDays } })],
  });
  const rows = useMemo(() => expiringRows(expiring.certificates), [expiring]);
  return (
    <PageSection>
      <h1 className="tcm-title">Expiring certificates</h1>
      <p className="tcm-block">Of every version that a network serves. Others hold up nobody when they end.</p>
      {activeVersionsOf(sets.caSets).length === 0 ? (
        <EmptyState titleText="No network serves a certificate set" headingLevel="h2">
          <EmptyStateBody>Once a version is deployed, its certificates are watched here.</EmptyStateBody>
        </EmptyState>
      ) : (
        <Chosen rows={rows} />
      )}
    </PageSection>
  );
}

function Chosen({ rows }: { readonly rows: readonly ExpiringRow[] }) {
  const { within = usualWithin } = useSearch({ from: "/expiring" });
  const navigate = useNavigate({ from: "/expiring" });
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order<ExpiringColumn>>({ by: "expires", direction: "asc" });
  const now = Date.now();
  const chosen = chosenRows(rows, { within, words: useDeferredValue(words), order }, now);
  const choose = (value: string): void =>
    void navigate({
      search: readExpirySearch({ within: value === "expired" ? value : Number(value) }),
      replace: true,
    });
  return (
    <>
      <div className="tcm-expiry-choice">
        <label htmlFor="within">Show what is</label>
        <FormSelect id="within" value={String(within)} onChange={(_, value) => choose(value)}>
          {withins.map((one) => (
            <FormSelectOption key={one} value={String(one)} label={withinText(one)} />
          ))}
        </FormSelect>
        <CsvActions rows={chosen} />
      </div>
      <ExpiryTimeline endDates={chosen.map(({ certificate }) => certificate.endDate)} />
      <FilterBar
        label="Filter by certificate or set"
        words={words}
        onWords={setWords}
        found={plural(chosen.length, "certificate")}
      />
      {chosen.length === 0 ? (
        <Alert
          variant="success"
          isInline
          isPlain
          component="p"
          title={words === "" ? `Nothing is ${withinText(within)}.` : "No certificate or set has these words."}
        />
      ) : (
        <ExpiringTable rows={chosen} order={order} onOrder={setOrder} now={now} />
      )}
    </>
  );
}

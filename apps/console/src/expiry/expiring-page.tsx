import {
  Alert,
  Button,
  EmptyState,
  EmptyStateBody,
  FormSelect,
  FormSelectOption,
  PageSection,
  Progress,
} from "@patternfly/react-core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import type { Order } from "../text/column-order.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { problemText } from "../text/problem-text.ts";
import { plural } from "../text/time-text.ts";
import { CsvActions } from "./csv-actions.tsx";
import { activeVersionsOf, chosenRows, type ExpiringColumn } from "./expiring-rows.ts";
import { ExpiringTable } from "./expiring-table.tsx";
import { readExpirySearch, usualWithin, withins, withinText } from "./expiry-search.ts";
import { ExpiryTimeline } from "./expiry-timeline.tsx";
import { type Expiring, useExpiring } from "./use-expiring.ts";

/** What ends soon, over every set and network. */
export function ExpiringPage() {
  usePageTitle("Expiring certificates");
  const { data } = useSuspenseQuery(read("listCaSets"));
  const versions = useMemo(() => activeVersionsOf(data.caSets), [data]);
  const expiring = useExpiring(versions);
  return (
    <PageSection>
      <h1 className="tcm-title">Expiring certificates</h1>
      <p className="tcm-block">Of every version that a network serves. Others hold up nobody when they end.</p>
      {versions.length === 0 ? (
        <EmptyState titleText="No network serves a certificate set" headingLevel="h2">
          <EmptyStateBody>Once a version is deployed, its certificates are watched here.</EmptyStateBody>
        </EmptyState>
      ) : (
        <>
          <Reading expiring={expiring} />
          <Chosen expiring={expiring} />
        </>
      )}
    </PageSection>
  );
}

function Reading({ expiring: { answered, asked, failed, retry } }: { readonly expiring: Expiring }) {
  const names = [...new Set(failed.map(({ active }) => active.caSetName))];
  return (
    <>
      {answered < asked && (
        <Progress
          className="tcm-block"
          aria-label="Versions read"
          title="Active versions are being read"
          value={Math.floor((answered * 100) / asked)}
        />
      )}
      {failed[0] !== undefined && (
        <Alert
          variant="warning"
          isInline
          component="h2"
          className="tcm-block"
          title={`Not all is shown: ${plural(names.length, "set")} could not be read`}
        >
          <p className="tcm-name">{`${names.slice(0, 10).join(", ")}${names.length > 10 ? " and others" : ""}`}</p>
          <p>{failureText(failed[0].error)}</p>
          <Button variant="link" isInline onClick={retry}>
            Read them again
          </Button>
        </Alert>
      )}
    </>
  );
}

function failureText(error: unknown): string {
  const { title, detail } = problemText(error, Date.now());
  return `${title}: ${detail}`;
}

function Chosen({ expiring: { rows, answered, asked } }: { readonly expiring: Expiring }) {
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
      {chosen.length === 0 && answered === asked ? (
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

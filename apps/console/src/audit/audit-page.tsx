import { Label, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { AuditRecordView } from "@tcm/api-contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useMay } from "../session/session-query.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { plural } from "../text/time-text.ts";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { auditQuery, type AuditSearch } from "./audit-filter.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { recordText, type SetNames } from "./record-text.ts";
import { BusyButton } from "../text/busy-button.tsx";

const pageSize = 200;

/** Who did what, newest first; each record covers the one before. */
export function AuditPage() {
  usePageTitle("Audit");
  const search = useSearch({ from: "/audit" });
  return (
    <PageSection>
      <h1 className="tcm-title">Audit</h1>
      <p className="tcm-block">
        Every write and every refused sign-in. Each record covers the one before it; <code>tcm audit verify</code>{" "}
        checks the whole chain against its signed heads.
      </p>
      {useMay("administer") && <AuditFilters key={JSON.stringify(search)} search={search} />}
      <Records search={search} />
    </PageSection>
  );
}

function Records({ search }: { readonly search: AuditSearch }) {
  const names = useSetNames();
  const audit = useInfiniteQuery({
    queryKey: ["listAudit", search],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call("listAudit", {
        query: { ...auditQuery(search), limit: pageSize, ...(pageParam !== undefined && { before: pageParam }) },
        signal,
      }),
    getNextPageParam: ({ nextBefore }) => nextBefore ?? undefined,
  });
  if (audit.isPending) return <PagePending />;
  const records = audit.data?.pages.flatMap((page) => page.records) ?? [];
  return (
    <>
      {audit.isError && <ProblemAlert error={audit.error} />}
      <p role="status" className="tcm-block">
        {countText(records.length, audit.hasNextPage)}
      </p>
      {records.length > 0 && <RecordTable records={records} names={names} />}
      {audit.hasNextPage && (
        <BusyButton variant="secondary" onClick={() => void audit.fetchNextPage()} isBusy={audit.isFetchingNextPage}>
          Earlier records
        </BusyButton>
      )}
    </>
  );
}

function countText(count: number, hasMore: boolean): string {
  if (count === 0) return "No record is like that.";
  return `${plural(count, "record")}${hasMore ? ", and there are earlier ones" : ""}`;
}

function useSetNames(): SetNames {
  const { data } = useQuery(read("listCaSets"));
  return useMemo(() => new Map(data?.caSets.map(({ caSetId, caSetName }) => [caSetId, caSetName])), [data]);
}

type TableProps = { readonly records: readonly AuditRecordView[]; readonly names: SetNames };

function RecordTable({ records, names }: TableProps) {
  return (
    <Table aria-label="Audit record" variant="compact">
      <Thead>
        <Tr>
          <Th>Number</Th>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th>Outcome</Th>
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={records}
          columns={5}
          rowHeight={60}
          row={(record, _, measured) => (
            <RecordRow key={record.number} record={record} names={names} measured={measured} />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = { readonly record: AuditRecordView; readonly names: SetNames; readonly measured: Measured };

function RecordRow({ record, names, measured }: RowProps) {
  const { what, about, more, refusedFor } = recordText(record, names);
  return (
    <Tr {...measured}>
      <Td dataLabel="Number">{record.number}</Td>
      <Td dataLabel="When">
        <Time iso={record.date} />
      </Td>
      <Td dataLabel="Who">
        <span className="tcm-name">{record.by}</span>
      </Td>
      <Td dataLabel="What">
        <div>
          {what}{" "}
          {about !== undefined &&
            (about.path === undefined ? (
              <span className="tcm-name">{about.text}</span>
            ) : (
              <Link to={about.path} className="tcm-name">
                {about.text}
              </Link>
            ))}
        </div>
        {more !== "" && <div className="tcm-faint tcm-name">{more}</div>}
        <Facts record={record} />
      </Td>
      <Td dataLabel="Outcome">
        {refusedFor === undefined ? (
          "done"
        ) : (
          <Label color="red" isCompact>
            {refusedFor}
          </Label>
        )}
      </Td>
    </Tr>
  );
}

/** What programs see of it, for who compares it with the log or with the chain. */
function Facts({ record: { action, outcome, requestId, hash } }: { readonly record: AuditRecordView }) {
  return (
    <details className="tcm-faint">
      <summary>Details</summary>
      <code className="tcm-name">
        {action} {outcome}
        {requestId !== null && `, request ${requestId}`}, SHA-256 {hash}
      </code>
    </details>
  );
}

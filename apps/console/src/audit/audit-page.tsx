import { Button, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { client } from "../api/client.ts";
import { PagePending } from "../frame/page-pending.tsx";
import { usePageTitle } from "../frame/use-page-title.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";

/** Who did what, newest first; each record covers the one before. */
export function AuditPage() {
  usePageTitle("Audit");
  const audit = useInfiniteQuery({
    queryKey: ["listAudit"],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call("listAudit", { ...(pageParam !== undefined && { query: { before: pageParam } }), signal }),
    getNextPageParam: ({ nextBefore }) => nextBefore ?? undefined,
  });
  if (audit.isPending) return <PagePending />;
  return (
    <PageSection>
      <h1 className="tcm-title">Audit</h1>
      <p className="tcm-block">
        Each record covers the one before it. <code>tcm audit verify</code> checks the whole chain.
      </p>
      {audit.isError && <ProblemAlert error={audit.error} />}
      <Table aria-label="Audit record" variant="compact">
        <Thead>
          <Tr>
            <Th>Number</Th>
            <Th>When</Th>
            <Th>Who</Th>
            <Th>What</Th>
            <Th>Of what</Th>
            <Th>Outcome</Th>
          </Tr>
        </Thead>
        <Tbody>
          {audit.data?.pages
            .flatMap(({ records }) => records)
            .map((record) => (
              <Tr key={record.number}>
                <Td dataLabel="Number">
                  <span title={record.hash}>{record.number}</span>
                </Td>
                <Td dataLabel="When">
                  <Time iso={record.date} />
                </Td>
                <Td dataLabel="Who">
                  <span className="tcm-name">{record.by}</span>
                </Td>
                <Td dataLabel="What">{record.action}</Td>
                <Td dataLabel="Of what">
                  <span className="tcm-name">{subjectText(record.subject)}</span>
                </Td>
                <Td dataLabel="Outcome">{record.outcome}</Td>
              </Tr>
            ))}
        </Tbody>
      </Table>
      {audit.hasNextPage && (
        <Button variant="secondary" onClick={() => void audit.fetchNextPage()} isLoading={audit.isFetchingNextPage}>
          Earlier records
        </Button>
      )}
    </PageSection>
  );
}

/** "caSetId 4, version 2". */
export function subjectText(subject: Readonly<Record<string, unknown>>): string {
  return Object.entries(subject)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

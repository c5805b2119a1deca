import { Button, Checkbox, EmptyState, EmptyStateBody, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useSuspenseQueries } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useSession } from "../session/session-query.ts";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { countText, type CredentialRow, credentialRows, inForce, untilText } from "./credential-rows.ts";
import { madeWith } from "./made-with.ts";
import { NewCredential } from "./new-credential.tsx";
import { RevokeCredential } from "./revoke-credential.tsx";
import { type Secret, SecretOnce } from "./secret-once.tsx";

/** What programs sign in with: tokens, and API clients for tools that speak EdgeGrid. */
export function CredentialsPage() {
  usePageTitle("API clients and tokens");
  const [tokens, clients, people] = useSuspenseQueries({
    queries: [read("listTokens"), read("listApiClients"), read("listUsers")],
  });
  const { name: asker } = useSession();
  const [isNew, setNew] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [revoked, setRevoked] = useState<CredentialRow>();
  const [isAll, setAll] = useState(false);
  const rows = credentialRows(tokens.data.tokens, clients.data.apiClients, Date.now());
  const current = inForce(rows);
  const shown = isAll ? rows : current;
  const made = (row: CredentialRow): readonly string[] => madeWith(row, rows, people.data.users, asker);
  return (
    <PageSection>
      <div className="tcm-head">
        <div>
          <h1 className="tcm-title">API clients and tokens</h1>
          <p>{rows.length === 0 ? "What programs sign in with." : `What programs sign in with: ${countText(rows)}.`}</p>
        </div>
        <div className="tcm-actions">
          <Button onClick={() => setNew(true)}>New credential</Button>
        </div>
      </div>
      {rows.length > current.length && (
        <Checkbox
          id="all-credentials"
          label="Show those that are not in force any more"
          isChecked={isAll}
          onChange={(_, checked) => setAll(checked)}
          className="tcm-block"
        />
      )}
      {shown.length === 0 ? (
        <NoCredential hasEnded={rows.length > 0} />
      ) : (
        <CredentialsTable rows={shown} isLeft={(row) => made(row).length > 0} onRevoke={setRevoked} />
      )}
      {isNew && (
        <NewCredential
          onClose={() => setNew(false)}
          onCreated={(created) => {
            setNew(false);
            setSecret(created);
          }}
        />
      )}
      {secret !== undefined && <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />}
      {revoked !== undefined && (
        <RevokeCredential row={revoked} made={made(revoked)} onClose={() => setRevoked(undefined)} />
      )}
    </PageSection>
  );
}

function NoCredential({ hasEnded }: { readonly hasEnded: boolean }) {
  return (
    <EmptyState titleText={hasEnded ? "No credential is in force" : "There is no credential yet"} headingLevel="h2">
      <EmptyStateBody>
        A token is for tcm, pipelines and programs of your own. An API client is for Terraform and Akamai&apos;s own
        tools, which sign with EdgeGrid. Each has a role of its own and can be revoked alone.
      </EmptyStateBody>
    </EmptyState>
  );
}

type TableProps = {
  readonly rows: readonly CredentialRow[];
  /** Whether something that it made is still good. */
  readonly isLeft: (row: CredentialRow) => boolean;
  readonly onRevoke: (row: CredentialRow) => void;
};

function CredentialsTable({ rows, isLeft, onRevoke }: TableProps) {
  return (
    <Table aria-label="API clients and tokens" variant="compact">
      <Thead>
        <Tr>
          <Th width={25}>Name</Th>
          <Th>Kind</Th>
          <Th>Role</Th>
          <Th>Made</Th>
          <Th>Last used</Th>
          <Th>Good until</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={rows}
          columns={7}
          rowHeight={60}
          row={(row, _, measured) => (
            <Row key={`${row.kind} ${row.id}`} row={row} measured={measured} isLeft={isLeft} onRevoke={onRevoke} />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<TableProps, "isLeft" | "onRevoke"> & { readonly row: CredentialRow; readonly measured: Measured };

function Row({ row, measured, isLeft, onRevoke }: RowProps) {
  const { kind, name, shown, role, createdBy, createdDate, lastUsedDate, expiryDate, state } = row;
  return (
    <Tr {...measured}>
      <Td dataLabel="Name">
        <span className="tcm-name">{name}</span>
        <br />
        <code className="tcm-faint tcm-name">{shown}</code>
      </Td>
      <Td dataLabel="Kind">{kind === "token" ? "token" : `API client, profile ${row.profile}`}</Td>
      <Td dataLabel="Role">{role}</Td>
      <Td dataLabel="Made">
        <Time iso={createdDate} /> <div className="tcm-name">by {createdBy}</div>
      </Td>
      <Td dataLabel="Last used">{lastUsedDate === null ? "never" : <Time iso={lastUsedDate} />}</Td>
      <Td dataLabel="Good until">
        {state !== "revoked" && expiryDate !== null && (
          <div>
            <Time iso={expiryDate} />
          </div>
        )}
        <div className="tcm-unbroken">{untilText(row, Date.now())}</div>
      </Td>
      <Td isActionCell>
        {state === "in force" && (
          <Button variant="link" isInline isDanger onClick={() => onRevoke(row)} aria-label={`Revoke ${name}`}>
            Revoke
          </Button>
        )}
        {state !== "in force" && isLeft(row) && (
          <Button
            variant="link"
            isInline
            isDanger
            onClick={() => onRevoke(row)}
            aria-label={`Revoke what ${name} made`}
          >
            Revoke what it made
          </Button>
        )}
      </Td>
    </Tr>
  );
}

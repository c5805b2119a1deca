import { Button, Checkbox, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useSuspenseQueries } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { countText, type CredentialRow, credentialRows, inForce, untilText } from "./credential-rows.ts";
import { NewCredential } from "./new-credential.tsx";
import { RevokeCredential } from "./revoke-credential.tsx";
import { type Secret, SecretOnce } from "./secret-once.tsx";

/** What programs sign in with: tokens, and API clients for tools that speak EdgeGrid. */
export function CredentialsPage() {
  usePageTitle("API clients and tokens");
  const [tokens, clients] = useSuspenseQueries({ queries: [read("listTokens"), read("listApiClients")] });
  const [isNew, setNew] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [revoked, setRevoked] = useState<CredentialRow>();
  const [isAll, setAll] = useState(false);
  const rows = credentialRows(tokens.data.tokens, clients.data.apiClients, Date.now());
  const current = inForce(rows);
  const shown = isAll ? rows : current;
  return (
    <PageSection>
      <div className="tcm-head">
        <div>
          <h1 className="tcm-title">API clients and tokens</h1>
          <p>What programs sign in with: {countText(rows)}.</p>
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
        <p className="tcm-none tcm-faint">None is in force.</p>
      ) : (
        <CredentialsTable rows={shown} onRevoke={setRevoked} />
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
      {revoked !== undefined && <RevokeCredential row={revoked} onClose={() => setRevoked(undefined)} />}
    </PageSection>
  );
}

type TableProps = { readonly rows: readonly CredentialRow[]; readonly onRevoke: (row: CredentialRow) => void };

function CredentialsTable({ rows, onRevoke }: TableProps) {
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
            <Row key={`${row.kind} ${row.id}`} row={row} measured={measured} onRevoke={onRevoke} />
          )}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<TableProps, "onRevoke"> & { readonly row: CredentialRow; readonly measured: Measured };

function Row({ row, measured, onRevoke }: RowProps) {
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
      </Td>
    </Tr>
  );
}

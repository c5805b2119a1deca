import { Button, Form, FormGroup, PageSection, Radio, TextInput } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { Role } from "@tcm/api-contract";
import { useMutation, useQueryClient, useSuspenseQueries } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { credentialRows, type CredentialRow } from "./credential-rows.ts";
import { RoleSelect } from "./role-select.tsx";
import { SecretOnce } from "./secret-once.tsx";

/** What programs sign in with: tokens, and API clients for tools that speak EdgeGrid. */
export function CredentialsPage() {
  usePageTitle("API clients and tokens");
  const [tokens, clients] = useSuspenseQueries({ queries: [read("listTokens"), read("listApiClients")] });
  const rows = credentialRows(tokens.data.tokens, clients.data.apiClients);
  return (
    <PageSection>
      <h1 className="tcm-title">API clients and tokens</h1>
      <Table aria-label="API clients and tokens" variant="compact">
        <Thead>
          <Tr>
            <Th>Name</Th>
            <Th>Kind</Th>
            <Th>Role</Th>
            <Th>Last used</Th>
            <Th>Good until</Th>
            <Th screenReaderText="Actions" />
          </Tr>
        </Thead>
        <Tbody>
          {rows.map((row) => (
            <Row key={`${row.kind} ${row.id}`} row={row} />
          ))}
        </Tbody>
      </Table>
      <NewCredential />
    </PageSection>
  );
}

function Row({ row }: { readonly row: CredentialRow }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () =>
      row.kind === "token"
        ? client.call("revokeToken", { params: { tokenId: row.id } })
        : client.call("revokeApiClient", { params: { apiClientId: row.id } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Tr>
      <Td dataLabel="Name">
        <span className="tcm-name">{row.name}</span> <code className="tcm-faint">{row.shown}</code>
      </Td>
      <Td dataLabel="Kind">{row.kind === "token" ? "token" : `API client, profile ${row.profile}`}</Td>
      <Td dataLabel="Role">{row.role}</Td>
      <Td dataLabel="Last used">{row.lastUsedDate === null ? "never" : <Time iso={row.lastUsedDate} />}</Td>
      <Td dataLabel="Good until">
        {row.isRevoked ? "revoked" : row.expiryDate === null ? "no end" : <Time iso={row.expiryDate} />}
      </Td>
      <Td isActionCell>
        {revoke.isError && <ProblemAlert error={revoke.error} />}
        {!row.isRevoked && (
          <Button
            variant="link"
            isInline
            isDanger
            isDisabled={revoke.isPending}
            onClick={() => revoke.mutate()}
            aria-label={`Revoke ${row.name}`}
          >
            Revoke
          </Button>
        )}
      </Td>
    </Tr>
  );
}

type Kind = "token" | "mets" | "console";

const kinds: readonly { readonly kind: Kind; readonly label: string; readonly description: string }[] = [
  { kind: "token", label: "Token", description: "For tcm and for programs of your own: Authorization: Bearer." },
  {
    kind: "mets",
    label: "API client for Akamai's tools",
    description:
      "An .edgerc for Terraform, the Go library or PowerShell, unchanged: no root is asked for unless they say so.",
  },
  {
    kind: "console",
    label: "API client with the console's defaults",
    description: "An .edgerc; a root is required unless it is said otherwise.",
  },
];

function NewCredential() {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [kind, setKind] = useState<Kind>("token");
  const create = useMutation({
    mutationFn: async (): Promise<string> => {
      if (kind === "token") return (await client.call("createToken", { body: { name, role } })).token;
      return (await client.call("createApiClient", { body: { name, role, profile: kind } })).edgerc;
    },
    onSuccess: async () => {
      setName("");
      await queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <section aria-label="New credential" className="tcm-result">
      <h2 className="tcm-heading">New credential</h2>
      <Form onSubmit={submit} className="tcm-narrow">
        {create.isError && <ProblemAlert error={create.error} />}
        {create.data !== undefined && <SecretOnce title="Created" secret={create.data} />}
        <FormGroup label="Name" fieldId="credential-name" isRequired>
          <TextInput
            id="credential-name"
            isRequired
            autoComplete="off"
            value={name}
            onChange={(_, value) => setName(value)}
          />
        </FormGroup>
        <FormGroup role="radiogroup" label="Kind" fieldId="credential-kind">
          {kinds.map((one) => (
            <Radio
              key={one.kind}
              id={`credential-${one.kind}`}
              name="credential-kind"
              label={one.label}
              description={one.description}
              isChecked={kind === one.kind}
              onChange={() => setKind(one.kind)}
            />
          ))}
        </FormGroup>
        <RoleSelect id="credential-role" role={role} onRole={setRole} />
        <div>
          <Button type="submit" isDisabled={create.isPending} isLoading={create.isPending}>
            Create
          </Button>
        </div>
      </Form>
    </section>
  );
}

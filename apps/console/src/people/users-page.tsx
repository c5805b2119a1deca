import { Button, Form, FormGroup, Label, PageSection, TextInput } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { Role, UserView } from "@tcm/api-contract";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { Time } from "../text/time.tsx";
import { RoleSelect } from "./role-select.tsx";

/** Who may sign in, and what they may do. */
export function UsersPage() {
  usePageTitle("Users");
  const { data } = useSuspenseQuery(read("listUsers"));
  return (
    <PageSection>
      <h1 className="tcm-title">Users</h1>
      <Table aria-label="Users" variant="compact">
        <Thead>
          <Tr>
            <Th>Name</Th>
            <Th>Role</Th>
            <Th>Signs in by</Th>
            <Th>Last signed in</Th>
            <Th screenReaderText="Actions" />
          </Tr>
        </Thead>
        <Tbody>
          {data.users.map((user) => (
            <UserRow key={user.userId} user={user} />
          ))}
        </Tbody>
      </Table>
      <NewUser />
    </PageSection>
  );
}

function UserRow({ user }: { readonly user: UserView }) {
  const { userId, name, role, signIn, disabled, lastSignInDate } = user;
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => client.call("changeUser", { params: { userId }, body: { disabled: !disabled } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["listUsers"] }),
  });
  return (
    <Tr>
      <Td dataLabel="Name">
        <span className="tcm-name">{name}</span> {disabled && <Label isCompact>disabled</Label>}
      </Td>
      <Td dataLabel="Role">{role}</Td>
      <Td dataLabel="Signs in by">{signIn === "oidc" ? "identity provider" : "password"}</Td>
      <Td dataLabel="Last signed in">{lastSignInDate === null ? "never" : <Time iso={lastSignInDate} />}</Td>
      <Td isActionCell>
        {change.isError && <ProblemAlert error={change.error} />}
        <Button
          variant="link"
          isInline
          isDisabled={change.isPending}
          onClick={() => change.mutate()}
          aria-label={`${disabled ? "Enable" : "Disable"} ${name}`}
        >
          {disabled ? "Enable" : "Disable"}
        </Button>
      </Td>
    </Tr>
  );
}

function NewUser() {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const create = useMutation({
    mutationFn: () => client.call("createUser", { body: { name, password, role } }),
    onSuccess: async () => {
      setName("");
      setPassword("");
      await queries.invalidateQueries({ queryKey: ["listUsers"] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <section aria-label="New user" className="tcm-result">
      <h2 className="tcm-heading">New user</h2>
      <Form onSubmit={submit} className="tcm-narrow">
        {create.isError && <ProblemAlert error={create.error} />}
        <FormGroup label="Name" fieldId="user-name" isRequired>
          <TextInput
            id="user-name"
            isRequired
            autoComplete="off"
            value={name}
            onChange={(_, value) => setName(value)}
          />
        </FormGroup>
        <FormGroup label="First password" fieldId="user-password" isRequired>
          <TextInput
            id="user-password"
            type="password"
            isRequired
            autoComplete="new-password"
            value={password}
            onChange={(_, value) => setPassword(value)}
          />
        </FormGroup>
        <RoleSelect id="user-role" role={role} onRole={setRole} />
        <div>
          <Button type="submit" isDisabled={create.isPending} isLoading={create.isPending}>
            Create user
          </Button>
        </div>
      </Form>
    </section>
  );
}

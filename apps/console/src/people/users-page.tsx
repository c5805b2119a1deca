import { Alert, Button, Label, PageSection } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { UserView } from "@tcm/api-contract";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { read } from "../api/queries.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { useSession } from "../session/session-query.ts";
import { FilterBar } from "../text/filter-bar.tsx";
import { LongName } from "../text/long-name.tsx";
import { plural } from "../text/time-text.ts";
import { Time } from "../text/time.tsx";
import { type Measured, VirtualRows } from "../text/virtual-rows.tsx";
import { ChangeUser } from "./change-user.tsx";
import { NewUser } from "./new-user.tsx";
import { UserActions } from "./user-actions.tsx";
import type { UserChange } from "./user-change.ts";

type Asked = { readonly user: UserView; readonly change: UserChange };

/** Who may sign in, and what they may do. */
export function UsersPage() {
  usePageTitle("Users");
  const { data } = useSuspenseQuery(read("listUsers"));
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState<Asked>();
  const [isNew, setNew] = useState(false);
  const [created, setCreated] = useState<string>();
  const shown = data.users.filter(({ name, role }) => `${name} ${role}`.toLowerCase().includes(words.toLowerCase()));
  return (
    <PageSection>
      <div className="tcm-head">
        <h1 className="tcm-title">Users</h1>
        <div className="tcm-actions">
          <Button onClick={() => setNew(true)}>New user</Button>
        </div>
      </div>
      {created !== undefined && (
        <Alert
          variant="success"
          isInline
          isLiveRegion
          component="p"
          title={`${created} was created, and signs in with that name and the first password.`}
          className="tcm-block"
        />
      )}
      <FilterBar
        label="Filter by name or role"
        words={words}
        onWords={setWords}
        found={`${shown.length} of ${plural(data.users.length, "user")}`}
      />
      <UsersTable users={shown} onChange={setAsked} />
      {isNew && (
        <NewUser
          onClose={() => setNew(false)}
          onCreated={(name) => {
            setNew(false);
            setCreated(name);
          }}
        />
      )}
      {asked !== undefined && <ChangeUser {...asked} onClose={() => setAsked(undefined)} />}
    </PageSection>
  );
}

type TableProps = { readonly users: readonly UserView[]; readonly onChange: (asked: Asked) => void };

function UsersTable({ users, onChange }: TableProps) {
  return (
    <Table aria-label="Users" variant="compact">
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>Role</Th>
          <Th>Signs in by</Th>
          <Th>Last signed in</Th>
          <Th>Made</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        <VirtualRows
          items={users}
          columns={6}
          rowHeight={44}
          row={(user, _, measured) => <UserRow key={user.userId} user={user} measured={measured} onChange={onChange} />}
        />
      </Tbody>
    </Table>
  );
}

type RowProps = Pick<TableProps, "onChange"> & { readonly user: UserView; readonly measured: Measured };

function UserRow({ user, measured, onChange }: RowProps) {
  const { name, role, signIn, disabled, lastSignInDate, createdBy, createdDate } = user;
  const isOwn = useSession().name === name;
  return (
    <Tr {...measured}>
      <Td dataLabel="Name">
        <span>
          <LongName name={name} /> {isOwn && <Label isCompact>you</Label>}
          {disabled && (
            <Label isCompact color="orange">
              disabled
            </Label>
          )}
        </span>
      </Td>
      <Td dataLabel="Role">{role}</Td>
      <Td dataLabel="Signs in by">{signIn === "oidc" ? "identity provider" : "password"}</Td>
      <Td dataLabel="Last signed in" modifier="nowrap">
        {lastSignInDate === null ? "never" : <Time iso={lastSignInDate} />}
      </Td>
      <Td dataLabel="Made">
        <div className="tcm-unbroken">
          <Time iso={createdDate} />
        </div>
        <div className="tcm-name">by {createdBy}</div>
      </Td>
      <Td isActionCell>
        <UserActions user={user} onChange={(change) => onChange({ user, change })} />
      </Td>
    </Tr>
  );
}

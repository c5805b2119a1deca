import { Alert, Form } from "@patternfly/react-core";
import { ApiProblem } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { PasswordField } from "../session/password-field.tsx";
import { sessionQuery, useSession } from "../session/session-query.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { BusyButton } from "../text/busy-button.tsx";

/** `hasProvider`: people may sign in with an identity provider, and those have no password here. */
export function OwnPassword({ hasProvider }: { readonly hasProvider: boolean }) {
  const { name } = useSession();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => client.call("changePassword", { body: { currentPassword, newPassword } }),
    onSuccess: (session) => {
      setCurrent("");
      setNew("");
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Form onSubmit={submit} noValidate={false} className="tcm-settings-form">
      {hasProvider && <p>Who signs in with the identity provider has no password here.</p>}
      {change.isError && (isWrongPassword(change.error) ? <WrongPassword /> : <ProblemAlert error={change.error} />)}
      {change.isSuccess && (
        <Alert variant="success" isInline isLiveRegion component="p" title="Changed. Your other sessions have ended." />
      )}
      {/* By it a password manager knows whose password it is. */}
      <input type="text" autoComplete="username" value={name} readOnly hidden />
      <PasswordField
        id="current-password"
        label="Current password"
        kind="current"
        value={currentPassword}
        onValue={setCurrent}
      />
      <PasswordField id="new-password" label="New password" kind="new" value={newPassword} onValue={setNew} />
      <div>
        <BusyButton type="submit" isBusy={change.isPending}>
          Change password
        </BusyButton>
      </div>
    </Form>
  );
}

/** The server says of it what it says of every wrong password; who is here has signed in. */
function isWrongPassword(error: Error): boolean {
  return error instanceof ApiProblem && error.code === "unauthorized";
}

function WrongPassword() {
  return (
    <Alert variant="danger" isInline isLiveRegion component="h3" title="The current password is wrong">
      <p>
        Nothing was changed. An administrator can give you a new password. <code>unauthorized</code>
      </p>
    </Alert>
  );
}

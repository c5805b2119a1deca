import { Alert, Button, Form, FormGroup, PageSection, TextInput } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { sessionQuery, useSession } from "../session/session-query.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";

/** Who one is, and one's own password. */
export function SettingsPage() {
  usePageTitle("Settings");
  const session = useSession();
  return (
    <PageSection>
      <h1 className="tcm-title">Settings</h1>
      <p className="tcm-block">{`You are ${session.name}, with the role ${session.role}.`}</p>
      <h2 className="tcm-heading">Change your password</h2>
      <PasswordForm />
    </PageSection>
  );
}

function PasswordForm() {
  const queries = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
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
    <Form onSubmit={submit} className="tcm-narrow">
      {change.isError && <ProblemAlert error={change.error} />}
      {change.isSuccess && (
        <Alert variant="success" isInline isLiveRegion component="p" title="Changed. Your other sessions have ended." />
      )}
      <FormGroup label="Current password" fieldId="current-password" isRequired>
        <TextInput
          id="current-password"
          type="password"
          isRequired
          autoComplete="current-password"
          value={currentPassword}
          onChange={(_, value) => setCurrent(value)}
        />
      </FormGroup>
      <FormGroup label="New password" fieldId="new-password" isRequired>
        <TextInput
          id="new-password"
          type="password"
          isRequired
          autoComplete="new-password"
          value={newPassword}
          onChange={(_, value) => setNew(value)}
        />
      </FormGroup>
      <div>
        <Button type="submit" isDisabled={change.isPending} isLoading={change.isPending}>
          Change password
        </Button>
      </div>
    </Form>
  );
}

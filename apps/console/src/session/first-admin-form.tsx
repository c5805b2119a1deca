import { Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { sessionQuery } from "./session-query.ts";

/** Redeems the one-time link for the account of the first administrator. */
export function FirstAdminForm({ secret }: { readonly secret: string }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const redeem = useMutation({
    mutationFn: () => client.call("redeemSignInLink", { body: { token: secret, name, password } }),
    onSuccess: (session) => {
      // The link is dead now; nobody needs to see it in the history.
      history.replaceState(null, "", "/");
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    redeem.mutate();
  };
  return (
    <Form onSubmit={submit}>
      {redeem.isError && <ProblemAlert error={redeem.error} />}
      <FormGroup label="Your name" fieldId="name" isRequired>
        <TextInput id="name" autoComplete="username" isRequired value={name} onChange={(_, value) => setName(value)} />
      </FormGroup>
      <FormGroup label="New password" fieldId="password" isRequired>
        <TextInput
          id="password"
          type="password"
          autoComplete="new-password"
          isRequired
          value={password}
          aria-describedby="password-rule"
          onChange={(_, value) => setPassword(value)}
        />
        <FormHelperText>
          <HelperText id="password-rule">
            <HelperTextItem>12 characters or more; several words that do not belong together are good.</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <Button type="submit" isBlock isLoading={redeem.isPending} isDisabled={redeem.isPending}>
        Create the account
      </Button>
    </Form>
  );
}

import { Alert, Button, Form } from "@patternfly/react-core";
import type { SessionView, SignInOptions } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { NameField } from "../text/name-field.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { type OidcRefusal, oidcRefusalText } from "./oidc-refusal.ts";
import { PasswordField } from "./password-field.tsx";
import { forgetPlace, rememberPlace, windowStorage } from "./return-place.ts";
import { sessionQuery } from "./session-query.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  /** Undefined until the server has said what it offers. */
  readonly options: SignInOptions | undefined;
  readonly refused: OidcRefusal | undefined;
  /** Whose session has ended while their pages were open. */
  readonly earlier: SessionView | undefined;
};

export function SignInForm({ options, refused, earlier }: Props) {
  const [name, setName] = useState(earlier?.name ?? "");
  const [password, setPassword] = useState("");
  const signIn = useSignIn(earlier);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate({ name, password });
  };
  return (
    <Form onSubmit={submit} noValidate={false}>
      {refused !== undefined && !signIn.isError && <Refused code={refused} />}
      {signIn.isError && <ProblemAlert error={signIn.error} />}
      {options?.awaitsFirstAdmin === true && (
        <p>
          There is no administrator yet. Open the link that the start of the server printed; it is good for 15 minutes.
        </p>
      )}
      <NameField id="name" label="Name" autoComplete="username" value={name} onValue={setName} />
      <PasswordField id="password" label="Password" kind="current" value={password} onValue={setPassword} />
      <BusyButton type="submit" isBlock isBusy={signIn.isPending}>
        Sign in
      </BusyButton>
      {options?.oidc === true && (
        <Button
          component="a"
          href="/mtls-edge-truststore/v2/session/oidc"
          variant="secondary"
          isBlock
          onClick={() => rememberPlace(location, windowStorage(), Date.now())}
        >
          Sign in with your identity provider
        </Button>
      )}
    </Form>
  );
}

function useSignIn(earlier: SessionView | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly name: string; readonly password: string }) => client.call("signIn", { body }),
    onSuccess: (session) => {
      forgetPlace(windowStorage());
      if (location.pathname === "/sign-in") history.replaceState(null, "", "/");
      // What somebody else has read is not shown even for a moment.
      if (earlier?.name !== session.name)
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
      queries.setQueryData(sessionQuery.queryKey, session);
    },
  });
}

function Refused({ code }: { readonly code: OidcRefusal }) {
  const { title, detail } = oidcRefusalText(code);
  return (
    <Alert variant="danger" isInline isLiveRegion component="h2" title={title}>
      <p>
        {detail} <code>{code}</code>
      </p>
    </Alert>
  );
}

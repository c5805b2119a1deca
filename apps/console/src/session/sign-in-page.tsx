import { Button, Form, FormGroup, LoginPage, TextInput } from "@patternfly/react-core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client } from "../api/client.ts";
import { usePageTitle } from "../frame/use-page-title.ts";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { FirstAdminForm } from "./first-admin-form.tsx";
import { sessionQuery } from "./session-query.ts";
import { secretOfLink } from "./sign-in-link.ts";

/** For whoever is not signed in, at every address: behind it they find the page that they came for. */
export function SignInPage() {
  usePageTitle("Sign in");
  const [secret] = useState(() => secretOfLink(location.hash));
  return (
    <LoginPage
      loginTitle={secret === undefined ? "Sign in" : "Become the first administrator"}
      loginSubtitle="Trust Chain Manager: the CA certificates with which your edges authenticate their clients"
      className="tcm-sign-in"
    >
      {secret === undefined ? <SignInForm /> : <FirstAdminForm secret={secret} />}
    </LoginPage>
  );
}

function SignInForm() {
  const queries = useQueryClient();
  const options = useQuery({
    queryKey: ["getSignInOptions"],
    queryFn: ({ signal }) => client.call("getSignInOptions", { signal }),
  });
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => client.call("signIn", { body: { name, password } }),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Form onSubmit={submit}>
      {signIn.isError && <ProblemAlert error={signIn.error} />}
      {options.data?.awaitsFirstAdmin === true && (
        <p>
          Nobody has an account yet. Open the link that the first start of the server printed; it is good for 15
          minutes.
        </p>
      )}
      <FormGroup label="Name" fieldId="name" isRequired>
        <TextInput id="name" autoComplete="username" isRequired value={name} onChange={(_, value) => setName(value)} />
      </FormGroup>
      <FormGroup label="Password" fieldId="password" isRequired>
        <TextInput
          id="password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={password}
          onChange={(_, value) => setPassword(value)}
        />
      </FormGroup>
      <Button type="submit" isBlock isLoading={signIn.isPending} isDisabled={signIn.isPending}>
        Sign in
      </Button>
      {options.data?.oidc === true && (
        <Button component="a" href="/mtls-edge-truststore/v2/session/oidc" variant="secondary" isBlock>
          Sign in with your identity provider
        </Button>
      )}
    </Form>
  );
}

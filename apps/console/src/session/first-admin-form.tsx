import { Form } from "@patternfly/react-core";
import { ApiProblem } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { client } from "../api/client.ts";
import { NameField } from "../text/name-field.tsx";
import { ProblemAlert } from "../text/problem-alert.tsx";
import { PasswordField } from "./password-field.tsx";
import { sessionQuery } from "./session-query.ts";
import { isWrongUserName, userNameRule } from "./user-name-rule.ts";
import { BusyButton } from "../text/busy-button.tsx";

type Props = {
  readonly secret: string;
  /** In place of the form, when the link turns out not to work any more. */
  readonly onDead: ReactNode;
};

/** Redeems the one-time link for the account of the first administrator. */
export function FirstAdminForm({ secret, onDead }: Props) {
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
    // Whether somebody else was faster decides what the page says.
    onError: () => queries.invalidateQueries({ queryKey: ["getSignInOptions"] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    redeem.mutate();
  };
  if (redeem.error instanceof ApiProblem && redeem.error.code === "sign-in-link-not-valid") return onDead;
  return (
    <Form onSubmit={submit} noValidate={false}>
      {redeem.isError && <ProblemAlert error={redeem.error} />}
      <p>You will administer this installation: users, tokens and everything else. The link works once.</p>
      <NameField
        id="name"
        label="Your name"
        autoComplete="username"
        value={name}
        onValue={setName}
        rule={userNameRule}
        isWrong={isWrongUserName(name)}
      />
      <PasswordField id="password" label="New password" kind="new" value={password} onValue={setPassword} />
      <BusyButton type="submit" isBlock isBusy={redeem.isPending}>
        Create the account
      </BusyButton>
    </Form>
  );
}

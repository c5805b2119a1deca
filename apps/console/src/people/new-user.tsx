import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import { type Role, userName } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { PasswordField } from "../session/password-field.tsx";
import { Dialog } from "./dialog.tsx";
import { RoleSelect } from "./role-select.tsx";

type Props = { readonly onCreated: (name: string) => void; readonly onClose: () => void };

export function NewUser({ onCreated, onClose }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const create = useMutation({
    mutationFn: () => client.call("createUser", { body: { name, password, role } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["listUsers"] });
      onCreated(name);
    },
  });
  const isWrong = name !== "" && !userName.safeParse(name).success;
  return (
    <Dialog
      title="New user"
      action="Create user"
      isBusy={create.isPending}
      error={create.error}
      onAction={() => create.mutate()}
      onClose={onClose}
    >
      <FormGroup label="Name" fieldId="user-name" isRequired>
        <TextInput
          id="user-name"
          isRequired
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={name}
          validated={isWrong ? "error" : "default"}
          aria-describedby="user-name-rule"
          onChange={(_, value) => setName(value)}
        />
        <FormHelperText>
          <HelperText id="user-name-rule">
            <HelperTextItem variant={isWrong ? "error" : "default"}>
              2 to 64 of A-Z a-z 0-9 _ . @ + - with a letter or digit first. It is shown on every record and stays.
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <PasswordField id="user-password" label="First password" kind="new" value={password} onValue={setPassword} />
      <RoleSelect id="user-role" role={role} onRole={setRole} />
    </Dialog>
  );
}

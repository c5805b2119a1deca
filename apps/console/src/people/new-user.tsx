import type { Role } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { PasswordField } from "../session/password-field.tsx";
import { isWrongUserName, userNameRule } from "../session/user-name-rule.ts";
import { NameField } from "../text/name-field.tsx";
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
  return (
    <Dialog
      title="New user"
      action="Create user"
      isBusy={create.isPending}
      error={create.error}
      onAction={() => create.mutate()}
      onClose={onClose}
    >
      <NameField
        id="user-name"
        label="Name"
        value={name}
        onValue={setName}
        rule={userNameRule}
        isWrong={isWrongUserName(name)}
      />
      <PasswordField id="user-password" label="First password" kind="new" value={password} onValue={setPassword} />
      <RoleSelect id="user-role" role={role} onRole={setRole} />
    </Dialog>
  );
}

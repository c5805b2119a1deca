import type { UserView } from "@tcm/api-contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { PasswordField } from "../session/password-field.tsx";
import { Dialog } from "./dialog.tsx";
import { RoleSelect } from "./role-select.tsx";
import { changeRequest, changeWords, type UserChange } from "./user-change.ts";

type Props = { readonly user: UserView; readonly change: UserChange; readonly onClose: () => void };

/** One change of one person, asked for with what else it does. */
export function ChangeUser({ user, change, onClose }: Props) {
  const queries = useQueryClient();
  const [role, setRole] = useState(user.role);
  const [password, setPassword] = useState("");
  const { title, action, effect } = changeWords(change, user);
  const send = useMutation({
    mutationFn: () =>
      client.call("changeUser", { params: { userId: user.userId }, body: changeRequest(change, role, password) }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={title}
      action={action}
      isDanger={change === "disable"}
      isBusy={send.isPending}
      error={send.error}
      onAction={() => send.mutate()}
      onClose={onClose}
    >
      <p>{effect}</p>
      {change === "role" && <RoleSelect id="changed-role" role={role} onRole={setRole} />}
      {change === "password" && (
        <PasswordField id="changed-password" label="New password" kind="new" value={password} onValue={setPassword} />
      )}
    </Dialog>
  );
}

import { type Role, roles } from "@tcm/api-contract";
import { ChoiceField } from "../text/choice-field.tsx";
import { roleText } from "./role-text.ts";

type Props = { readonly id: string; readonly role: Role; readonly onRole: (role: Role) => void };

const choices = roles.map((role) => [role, `${role}: ${roleText[role]}`] as const);

export function RoleSelect({ id, role, onRole }: Props) {
  return <ChoiceField id={id} label="Role" choices={choices} value={role} onValue={onRole} />;
}

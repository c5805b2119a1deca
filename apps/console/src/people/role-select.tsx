import { FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { type Role, roles } from "@tcm/api-contract";
import { roleText } from "./role-text.ts";

type Props = { readonly id: string; readonly role: Role; readonly onRole: (role: Role) => void };

export function RoleSelect({ id, role, onRole }: Props) {
  return (
    <FormGroup label="Role" fieldId={id}>
      <FormSelect id={id} value={role} onChange={(_, value) => onRole(value as Role)}>
        {roles.map((one) => (
          <FormSelectOption key={one} value={one} label={`${one}: ${roleText[one]}`} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

import { FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { type Role, roles } from "@tcm/api-contract";

type Props = { readonly id: string; readonly role: Role; readonly onRole: (role: Role) => void };

const words: Readonly<Record<Role, string>> = {
  viewer: "viewer: reads everything",
  editor: "editor: sets, versions, staging",
  deployer: "deployer: production and edge certificates too",
  admin: "admin: users, tokens and the audit record too",
};

export function RoleSelect({ id, role, onRole }: Props) {
  return (
    <FormGroup label="Role" fieldId={id}>
      <FormSelect id={id} value={role} onChange={(_, value) => onRole(value as Role)}>
        {roles.map((one) => (
          <FormSelectOption key={one} value={one} label={words[one]} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

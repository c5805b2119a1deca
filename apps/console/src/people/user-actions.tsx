import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import type { UserView } from "@tcm/api-contract";
import { useState } from "react";
import { changesOf, changeWords, type UserChange } from "./user-change.ts";

type Props = { readonly user: UserView; readonly onChange: (change: UserChange) => void };

/** What may be changed of somebody. With the keyboard: its first item has the focus, and the dots get it back. */
export function UserActions({ user, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      shouldFocusFirstItemOnOpen
      shouldFocusToggleOnSelect
      popperProps={{ position: "end", preventOverflow: true }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={`Change ${user.name}`}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          icon={<EllipsisVIcon />}
        />
      )}
    >
      <DropdownList>
        {changesOf(user).map((change) => (
          <DropdownItem key={change} onClick={() => onChange(change)}>
            {changeWords(change, user).item}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}

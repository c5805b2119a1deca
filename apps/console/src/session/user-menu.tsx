import { Dropdown, DropdownGroup, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { chooseTheme, chosenTheme, type Theme, themes } from "../frame/theme.ts";
import { useSession } from "./session-query.ts";

/** Who one is, the theme, and signing out. */
export function UserMenu() {
  const { name, role } = useSession();
  const [isOpen, setOpen] = useState(false);
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = useSignOut();
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      shouldFocusFirstItemOnOpen
      shouldFocusToggleOnSelect
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {name} ({role})
        </MenuToggle>
      )}
    >
      <DropdownGroup label="Theme">
        <DropdownList>
          {themes.map(({ theme: offered, name: words }) => (
            <DropdownItem key={offered} isSelected={offered === theme} onClick={() => choose(offered)}>
              {words}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <DropdownGroup label="Session">
        <DropdownList>
          <DropdownItem onClick={() => signOut.mutate()}>Sign out</DropdownItem>
        </DropdownList>
      </DropdownGroup>
    </Dropdown>
  );
}

function useSignOut() {
  return useMutation({
    mutationFn: () => client.call("signOut"),
    // What one person read is not left for the next: nothing of the page stays in memory.
    onSettled: () => location.assign("/"),
  });
}

import { Dropdown, DropdownGroup, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { chooseTheme, chosenTheme, type Theme } from "../frame/theme.ts";
import { sessionQuery } from "./session-query.ts";

const themes: readonly { readonly theme: Theme; readonly name: string }[] = [
  { theme: "light", name: "Light" },
  { theme: "dark", name: "Dark" },
  { theme: "system", name: "As the system" },
];

/** Who one is, the theme, and signing out. */
export function UserMenu() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [isOpen, setOpen] = useState(false);
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = useSignOut();
  if (session === null) return null;
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {session.name} ({session.role})
        </MenuToggle>
      )}
    >
      <DropdownGroup label="Theme">
        <DropdownList>
          {themes.map(({ theme: offered, name }) => (
            <DropdownItem key={offered} isSelected={offered === theme} onClick={() => choose(offered)}>
              {name}
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
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.call("signOut"),
    // What one person read is not left for the next.
    onSettled: () => {
      queries.clear();
      return queries.invalidateQueries();
    },
  });
}

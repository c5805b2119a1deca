import { Radio } from "@patternfly/react-core";
import { useState } from "react";
import { chooseTheme, chosenTheme, themes } from "../frame/theme.ts";

/** The same as in the menu with one's name, where it is looked for too. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <div role="radiogroup" aria-label="Theme" className="tcm-settings">
      {themes.map(({ theme: offered, name }) => (
        <Radio
          key={offered}
          id={`theme-${offered}`}
          name="theme"
          label={name}
          isChecked={theme === offered}
          onChange={() => {
            chooseTheme(offered);
            setTheme(offered);
          }}
        />
      ))}
    </div>
  );
}

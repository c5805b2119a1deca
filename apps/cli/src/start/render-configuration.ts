import { type Configured, settingOf, shownText, typedFlag, variableName } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { fileSettings } from "./config-file.ts";

/** What holds now, a setting a line, with where it comes from; secrets are hidden. */
export function renderConfiguration({ given }: Configured): string {
  const rows = fileSettings.map((name) => {
    const { text = settingOf(name).byDefault, place } = given[name] ?? {};
    const value = text === undefined ? "-" : (shownText(name, text) ?? "(hidden)");
    return [name, escapeText(value), place ?? (text === undefined ? "" : "default")] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value, place]) => `${name.padEnd(width)}${value}${place && `  (${place})`}\n`).join("");
}

/** A file with every setting, what it does and its default: commented out, so that it changes nothing as it is. */
export function renderDefaultFile(): string {
  const parts = fileSettings.map((name) => {
    const { summary, byDefault = "", isSecret: hidden } = settingOf(name);
    const note = hidden ? " Better in the environment; the file must be for its owner alone." : "";
    const others = hidden ? variableName(name) : `${typedFlag(name)}, ${variableName(name)}`;
    return `# ${summary}. ${others}.${note}\n# ${name}:${byDefault && ` ${byDefault}`}\n`;
  });
  return `# Settings of tcm start. Flags come first, then the environment, then this file.\n\n${parts.join("\n")}`;
}

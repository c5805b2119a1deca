import { type Configured, type SettingName, settingNames, settingOf, variableName } from "@tcm/api-contract";
import { isSecret } from "./config-file.ts";

const shown = settingNames.filter((name) => settingOf(name).of !== "control-plane");

/** What holds now, a setting a line, with where it comes from; secrets are hidden. */
export function renderConfiguration({ given }: Configured): string {
  const rows = shown.map((name) => {
    const { text = settingOf(name).byDefault, place } = given[name] ?? {};
    return [name, valueText(name, text), place ?? (text === undefined ? "" : "default")] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value, place]) => `${name.padEnd(width)}${value}${place && `  (${place})`}\n`).join("");
}

function valueText(name: SettingName, text: string | undefined): string {
  if (text === undefined) return "-";
  if (!isSecret(name, text)) return text;
  if (settingOf(name).isSecret) return "(hidden)";
  const url = new URL(text);
  url.password = "hidden";
  return url.href;
}

/** A file with every setting, what it does and its default: commented out, so that it changes nothing as it is. */
export function renderDefaultFile(): string {
  const parts = shown.map((name) => {
    const { summary, byDefault = "", isSecret: hidden } = settingOf(name);
    const note = hidden ? " Better in the environment; the file must be for its owner alone." : "";
    return `# ${summary}. ${variableName(name)}${hidden ? "" : ` or a flag`}.${note}\n# ${name}:${byDefault && ` ${byDefault}`}\n`;
  });
  return `# Settings of tcm start. Flags come first, then the environment, then this file.\n\n${parts.join("\n")}`;
}

import {
  type Configured,
  configure,
  type GivenSettings,
  settingNames,
  settingOf,
  settingsOfEnvironment,
  typedFlag,
} from "@tcm/api-contract";
import { Option } from "commander";
import { readConfigFile } from "./config-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that `tcm start` takes as flags: all but secrets and what it decides itself. */
export const startSettings = settingNames.filter(
  (name) => settingOf(name).of !== "control-plane" && settingOf(name).isSecret === undefined,
);

/** Flags of the command line, as they were typed; then TCM_ variables, then the file of `--config` or TCM_CONFIG. */
export function readConfiguration(flags: Readonly<Record<string, unknown>>, environment: Environment): Configured {
  const file = typeof flags["config"] === "string" ? flags["config"] : environment["TCM_CONFIG"] || undefined;
  const read = file === undefined ? { settings: {}, faults: [] } : readConfigFile(file);
  const configured = configure([flagSettings(flags), settingsOfEnvironment(environment), read.settings]);
  if (read.faults.length === 0) return configured;
  const more = configured.ok ? [] : configured.faults;
  return { ok: false, faults: [...read.faults, ...more], given: configured.given };
}

/** The options of `tcm start`, made from the table of settings. */
export function startFlagOptions(): readonly Option[] {
  return startSettings.map((name) => {
    const { takes, summary, byDefault } = settingOf(name);
    const words = byDefault === "true" ? `without ${summary.split(";")[0]}` : summary;
    const note = takes === undefined || byDefault === undefined ? "" : ` (default: ${byDefault})`;
    return new Option(takes === undefined ? typedFlag(name) : `${typedFlag(name)} ${takes}`, words + note);
  });
}

function flagSettings(flags: Readonly<Record<string, unknown>>): GivenSettings {
  return Object.fromEntries(
    startSettings.flatMap((name) => {
      const text = flagText(flags[name]);
      // Without `--no-edges` there is a value all the same: the option's own default.
      const isTyped = text !== undefined && !(settingOf(name).byDefault === "true" && text === "true");
      return isTyped ? [[name, { text, place: typedFlag(name) }]] : [];
    }),
  );
}

function flagText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

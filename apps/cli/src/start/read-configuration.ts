import {
  type ConfigurationFault,
  type Configured,
  configure,
  describeSetting,
  type GivenSettings,
  settingNames,
  settingOf,
  settingsOfEnvironment,
  typedFlag,
  variableName,
} from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { Option } from "commander";
import { nearestName } from "../output/nearest-name.ts";
import { readConfigFile } from "./config-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that `tcm start` takes as flags: all but secrets and what it decides itself. */
const startSettings = settingNames.filter(
  (name) => settingOf(name).of !== "control-plane" && settingOf(name).isSecret === undefined,
);

/** Flags of the command line, as they were typed; then TCM_ variables, then the file of `--config` or TCM_CONFIG. */
export function readConfiguration(flags: Readonly<Record<string, unknown>>, environment: Environment): Configured {
  const file = typeof flags["config"] === "string" ? flags["config"] : environment["TCM_CONFIG"] || undefined;
  const read = file === undefined ? { settings: {}, faults: [] } : readConfigFile(file);
  const configured = configure([flagSettings(flags), settingsOfEnvironment(environment), read.settings]);
  if (read.faults.length === 0) return configured;
  const faults = [...(configured.ok ? [] : configured.faults), ...read.faults];
  return { ok: false, faults: faults.toSorted((a, b) => compareLines(a.place, b.place)), given: configured.given };
}

/** Flags and variables as they are, then the file from its first line to its last. */
function compareLines(a: string, b: string): number {
  const [[lineA, columnA], [lineB, columnB]] = [lineOf(a), lineOf(b)];
  return lineA - lineB || columnA - columnB;
}

function lineOf(place: string): readonly [number, number] {
  const [, line = "0", column = "0"] = /:(\d+):(\d+)$/.exec(place) ?? [];
  return [Number(line), Number(column)];
}

/** One line for each: where, which setting by all its names, and what to do. */
export function renderFaults(faults: readonly ConfigurationFault[]): string {
  return faults
    .map(({ place, setting, message }) =>
      escapeText(`${place}: ${setting === undefined ? message : `${describeSetting(setting)} ${message}`}`),
    )
    .join("\n");
}

/** A variable that is hardly anything else than a setting with a slip in its name. The others are somebody else's. */
export function misspeltVariables(environment: Environment): readonly string[] {
  const known = settingNames.map(variableName);
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith("TCM_") || known.includes(name)) return [];
    const meant = nearestName(name, known);
    return meant === undefined ? [] : [`${name} is not read: no setting has that name. Did you mean ${meant}?`];
  });
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

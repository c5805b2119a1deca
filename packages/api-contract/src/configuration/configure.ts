import type { z } from "zod";
import { disagreements } from "./disagreements.ts";
import { shownText } from "./secret-text.ts";
import { type SettingName, settingNames, settingOf, type settings, variableName } from "./settings.ts";

/** The value of a setting as it was given, and where: `--port`, `TCM_PORT` or `tcm.yaml:3:7`. */
export type GivenSetting = { readonly text: string; readonly place: string };

export type GivenSettings = Readonly<Partial<Record<SettingName, GivenSetting>>>;

/** Something that a person has to mend: where it was given, which setting it is, and what that takes. */
export type ConfigurationFault = {
  readonly place: string;
  /** Undefined: what is wrong belongs to none, such as a key that nobody knows. */
  readonly setting?: SettingName;
  /** Goes on after the name of the setting. */
  readonly message: string;
};

type Value<K extends SettingName> =
  | z.output<(typeof settings)[K]["schema"]>
  | ((typeof settings)[K] extends { readonly byDefault: string } ? never : undefined);

export type Configuration = { readonly [K in SettingName]: Value<K> };

export type Configured =
  | { readonly ok: true; readonly values: Configuration; readonly given: GivenSettings }
  | { readonly ok: false; readonly faults: readonly ConfigurationFault[]; readonly given: GivenSettings };

/**
 * The first source that has a setting wins: flags, then environment, then file. All faults are told, not the first alone, in
 * the order of the sources and of the settings there. What does not go together is looked at among those that can be read.
 */
export function configure(sources: readonly GivenSettings[]): Configured {
  const given: GivenSettings = Object.assign({}, ...sources.toReversed());
  const values: Partial<Record<SettingName, unknown>> = {};
  const faults: (ConfigurationFault & { readonly setting: SettingName })[] = [];
  for (const name of settingNames) {
    const { schema, byDefault } = settingOf(name);
    const { text, place } = given[name] ?? { text: byDefault, place: name };
    if (text === undefined) continue;
    const read = schema.safeParse(text);
    if (read.success) values[name] = read.data;
    else faults.push({ place, setting: name, message: refusal(name, text, read.error.issues[0]?.message) });
  }
  // Every setting with a default has a value or a fault now: the loop has seen to it.
  const configuration = values as Configuration;
  faults.push(...disagreements(configuration, given, new Set(faults.map(({ setting }) => setting))));
  if (faults.length === 0) return { ok: true, values: configuration, given };
  // Those that were not given come last.
  const order = [...new Set([...sources.flatMap((source) => Object.keys(source)), ...settingNames])];
  const rank = ({ setting }: { readonly setting: SettingName }): number => order.indexOf(setting);
  return { ok: false, faults: faults.toSorted((a, b) => rank(a) - rank(b)), given };
}

/** What it takes, and what it was given, as far as that is no secret. */
function refusal(name: SettingName, text: string, takes = "cannot be read"): string {
  const shown = shownText(name, text);
  return shown === undefined ? `${takes}.` : `${takes}, not ${JSON.stringify(shown.slice(0, 100))}.`;
}

/** Settings from the environment. A variable that is empty is not set. */
export function settingsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): GivenSettings {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const place = variableName(name);
      const text = environment[place];
      return text === undefined || text === "" ? [] : [[name, { text, place }]];
    }),
  );
}

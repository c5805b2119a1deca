import type { z } from "zod";
import { disagreements } from "./disagreements.ts";
import { type SettingName, settingNames, settingOf, type settings, variableName } from "./settings.ts";

/** The value of a setting as it was given, and where: `--port`, `TCM_PORT` or `tcm.yaml:3:7`. */
export type GivenSetting = { readonly text: string; readonly place: string };

export type GivenSettings = Readonly<Partial<Record<SettingName, GivenSetting>>>;

/** Something that a person has to mend: it says what it takes. */
export type ConfigurationFault = { readonly place: string; readonly message: string };

type Value<K extends SettingName> =
  | z.output<(typeof settings)[K]["schema"]>
  | ((typeof settings)[K] extends { readonly byDefault: string } ? never : undefined);

export type Configuration = { readonly [K in SettingName]: Value<K> };

export type Configured =
  | { readonly ok: true; readonly values: Configuration; readonly given: GivenSettings }
  | { readonly ok: false; readonly faults: readonly ConfigurationFault[]; readonly given: GivenSettings };

/** The first source that has a setting wins: flags, then environment, then file. All faults are told, not the first alone. */
export function configure(sources: readonly GivenSettings[]): Configured {
  const given: GivenSettings = Object.assign({}, ...sources.toReversed());
  const values: Partial<Record<SettingName, unknown>> = {};
  const faults: ConfigurationFault[] = [];
  for (const name of settingNames) {
    const { schema, byDefault, isSecret } = settingOf(name);
    const { text, place } = given[name] ?? { text: byDefault, place: name };
    if (text === undefined) continue;
    const read = schema.safeParse(text);
    if (read.success) values[name] = read.data;
    else
      faults.push({
        place,
        message: `${read.error.issues[0]?.message}${isSecret ? "" : `, not ${JSON.stringify(text.slice(0, 100))}`}.`,
      });
  }
  if (faults.length > 0) return { ok: false, faults, given };
  // Every setting with a default has a value now: the loop has seen to it.
  const configuration = values as Configuration;
  const together = disagreements(configuration, given);
  return together.length > 0 ? { ok: false, faults: together, given } : { ok: true, values: configuration, given };
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

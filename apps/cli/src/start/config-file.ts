import { readFileSync, statSync } from "node:fs";
import {
  type ConfigurationFault,
  type GivenSettings,
  holdsSecret,
  type SettingName,
  settingNames,
  settingOf,
} from "@tcm/api-contract";
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from "yaml";
import { didYouMean } from "../output/nearest-name.ts";
import { yamlFault } from "./yaml-fault.ts";

export type ConfigFile = { readonly settings: GivenSettings; readonly faults: readonly ConfigurationFault[] };

/** Those of the file: the others are the control plane's own affair. */
export const fileSettings = settingNames.filter((name) => settingOf(name).of !== "control-plane");

/** Far more than every setting with its comments. */
const maxBytes = 65_536;

/**
 * Settings from a file, YAML or JSON, which is YAML too. A value is a text, a number or a switch; what holds several may be
 * a list or a mapping. Unknown keys and what cannot be read are faults; so is a file with secrets that others may read.
 */
export function readConfigFile(file: string): ConfigFile {
  try {
    const { size, mode } = statSync(file);
    if (size > maxBytes) return fault(file, `is larger than ${maxBytes / 1024} KiB.`);
    const read = parseConfig(file, readFileSync(file, "utf8"));
    return (mode & 0o077) === 0 ? read : withoutOpenSecrets(read);
  } catch (error) {
    return fault(file, `cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

export function parseConfig(file: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = [...yaml.errors, ...yaml.warnings];
  if (broken.length > 0)
    return {
      settings: {},
      faults: broken.slice(0, 20).map(({ pos, code }) => ({ place: placeAt(pos[0]), message: yamlFault[code] })),
    };
  if (yaml.contents === null) return { settings: {}, faults: [] };
  if (!isMap(yaml.contents)) return fault(file, "holds no settings. Write one a line, such as port: 7300.");
  const settings: Partial<Record<SettingName, { text: string; place: string }>> = {};
  const faults: ConfigurationFault[] = [];
  for (const pair of yaml.contents.items as readonly Pair[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const place = placeAt(isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0);
    const name = fileSettings.find((known) => known === key);
    const value = name === undefined ? undefined : textOf(pair.value, settingOf(name).separator);
    if (name === undefined)
      faults.push({ place, message: `${describeUnknown(key)} All of them: tcm config print-default` });
    else if (value === undefined)
      faults.push({ place, setting: name, message: "has a value of a kind that it cannot have." });
    else settings[name] = { text: value, place };
  }
  return { settings, faults };
}

/** The value as a flag would have it. Undefined: no value of a setting. */
function textOf(node: unknown, separator: "," | " " | undefined): string | undefined {
  if (isAlias(node)) return undefined;
  if (isScalar(node)) return scalarText(node.value);
  if (separator === undefined) return undefined;
  const parts = isSeq(node)
    ? node.items.map((item) => textOf(item, undefined))
    : isMap(node)
      ? node.items.map(({ key, value }) => pairText(textOf(key, undefined), textOf(value, undefined)))
      : [undefined];
  // One that holds the separator would be taken for two.
  const isWhole = (part: string | undefined): part is string => part !== undefined && !part.includes(separator);
  return parts.every(isWhole) ? parts.join(separator) : undefined;
}

function pairText(key: string | undefined, value: string | undefined): string | undefined {
  return key === undefined || value === undefined ? undefined : `${key}=${value}`;
}

function scalarText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function describeUnknown(key: string): string {
  return `${JSON.stringify(key.slice(0, 60))} is no setting.${didYouMean(key, fileSettings)}`;
}

function withoutOpenSecrets({ settings, faults }: ConfigFile): ConfigFile {
  const more = fileSettings.flatMap((setting): readonly ConfigurationFault[] => {
    const { text, place } = settings[setting] ?? {};
    if (text === undefined || place === undefined || !holdsSecret(setting, text)) return [];
    return [
      { place, setting, message: "is a secret, and others can read the file. Take their rights away: chmod 600." },
    ];
  });
  return { settings, faults: [...faults, ...more] };
}

function fault(place: string, message: string): ConfigFile {
  return { settings: {}, faults: [{ place, message }] };
}

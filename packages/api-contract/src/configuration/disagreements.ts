import type { Configuration, ConfigurationFault, GivenSettings } from "./configure.ts";
import { isLoopback } from "./listening.ts";
import { describeSetting, type SettingName, settingOf, typedFlag, variableName } from "./settings.ts";

type Rule = {
  /** The setting that is to be looked at. */
  readonly at: SettingName;
  /** Those that it is held against. */
  readonly with: readonly SettingName[];
  readonly isBroken: (values: Configuration) => boolean;
  readonly message: string;
};

const needs = (at: SettingName, ...others: readonly SettingName[]): readonly Rule[] =>
  others.map((other) => ({
    at,
    with: [other],
    isBroken: (values) => values[at] !== undefined && values[other] === undefined,
    message: `needs ${describeSetting(other)} too.`,
  }));

const rules: readonly Rule[] = [
  ...needs("tlsCert", "tlsKey"),
  ...needs("tlsKey", "tlsCert"),
  ...needs("serverCertificate", "serverKey"),
  ...needs("serverKey", "serverCertificate"),
  ...needs("oidcIssuer", "oidcClientId", "oidcClientSecret", "oidcRoles"),
  ...needs("oidcClientId", "oidcIssuer"),
  ...needs("oidcRoles", "oidcIssuer"),
  {
    at: "tlsSelfSigned",
    with: ["tlsCert"],
    isBroken: ({ tlsSelfSigned, tlsCert }) => tlsSelfSigned && tlsCert !== undefined,
    message: `cannot go with ${describeSetting("tlsCert")}: take one of them.`,
  },
  {
    at: "operatorKeyCommand",
    with: ["operatorKey"],
    isBroken: ({ operatorKeyCommand, operatorKey }) => operatorKeyCommand !== undefined && operatorKey !== undefined,
    message: `cannot go with ${describeSetting("operatorKey")}: take one of them.`,
  },
  {
    // Passwords and tokens cross no network in the clear.
    at: "host",
    with: ["tlsSelfSigned", "tlsCert"],
    isBroken: ({ host, tlsSelfSigned, tlsCert }) => !isLoopback(host) && !tlsSelfSigned && tlsCert === undefined,
    message: `needs TLS, since others can reach it. Add ${describeSetting("tlsCert")} and ${describeSetting("tlsKey")}, or ${describeSetting("tlsSelfSigned")}.`,
  },
  {
    at: "nodePort",
    with: ["port"],
    isBroken: ({ port, nodePort }) => port !== 0 && port === nodePort,
    message: `is ${describeSetting("port")} too. Choose another one.`,
  },
];

/** What is fine alone and does not go together. Of a setting that cannot be read nothing is said. */
export function disagreements(
  values: Configuration,
  given: GivenSettings,
  unreadable: ReadonlySet<SettingName>,
): readonly (ConfigurationFault & { readonly setting: SettingName })[] {
  return rules
    .filter((rule) => [rule.at, ...rule.with].every((name) => !unreadable.has(name)) && rule.isBroken(values))
    .map(({ at, message }) => ({ place: given[at]?.place ?? defaultPlace(at), setting: at, message }));
}

/** Where one could be given that was not. */
function defaultPlace(setting: SettingName): string {
  return settingOf(setting).isSecret ? variableName(setting) : typedFlag(setting);
}

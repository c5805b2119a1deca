import type { Configuration, ConfigurationFault, GivenSettings } from "./configure.ts";
import { isLoopback } from "./listening.ts";
import type { SettingName } from "./settings.ts";
import { typedFlag, variableName, settingOf } from "./settings.ts";

type Rule = {
  /** The setting that is to be looked at. */
  readonly at: SettingName;
  readonly isBroken: (values: Configuration) => boolean;
  readonly message: string;
};

const needs = (at: SettingName, ...others: readonly SettingName[]): readonly Rule[] =>
  others.map((other) => ({
    at,
    isBroken: (values) => values[at] !== undefined && values[other] === undefined,
    message: `needs ${name(other)} too.`,
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
    isBroken: ({ tlsSelfSigned, tlsCert }) => tlsSelfSigned && tlsCert !== undefined,
    message: "cannot go with --tls-cert: take one of them.",
  },
  {
    // Passwords and tokens cross no network in the clear.
    at: "host",
    isBroken: ({ host, tlsSelfSigned, tlsCert }) => !isLoopback(host) && !tlsSelfSigned && tlsCert === undefined,
    message: "needs TLS, since others can reach it. Add --tls-cert and --tls-key, or --tls-self-signed.",
  },
  {
    at: "nodePort",
    isBroken: ({ port, nodePort }) => port !== 0 && port === nodePort,
    message: "is the port of the HTTP API too. Choose another one.",
  },
];

/** What is fine alone and does not go together. */
export function disagreements(values: Configuration, given: GivenSettings): readonly ConfigurationFault[] {
  return rules.flatMap(({ at, isBroken, message }) =>
    isBroken(values) ? [{ place: given[at]?.place ?? name(at), message }] : [],
  );
}

function name(setting: SettingName): string {
  return settingOf(setting).isSecret ? variableName(setting) : typedFlag(setting);
}

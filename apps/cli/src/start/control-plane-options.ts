import { type Command, Option } from "commander";

/** Handed to the control plane as they are: it knows what each may be, and has an environment variable for most. */
const options = [
  new Option("--host <address>", "address of the HTTP API, any but loopback with TLS (default: 127.0.0.1)"),
  new Option("--tls-cert <file>", "its certificate chain, PEM, with --tls-key"),
  new Option("--tls-key <file>", "its private key, PEM"),
  new Option("--tls-self-signed", "its certificate comes from a CA of the data directory"),
  new Option("--public-url <url>", "where clients reach it, when it is not where it listens"),
  new Option("--edgegrid-window <seconds>", "how far the time of a signature may be off (default: 300)"),
  new Option("--oidc-issuer <url>", "sign-in with an identity provider; its secret by TCM_OIDC_CLIENT_SECRET alone"),
  new Option("--oidc-client-id <id>", "who we are there"),
  new Option("--oidc-role-claim <name>", "claim with the groups of a person (default: groups)"),
  new Option("--oidc-roles <group=role,...>", "roles of groups; * is everybody whom the provider lets in"),
  new Option("--deployment-deadline <seconds>", "when a deployment ends though nodes are behind (default: 600)"),
  new Option("--limits <name=n,...>", "limits of the API (default: TCM_LIMITS, else those in docs/api)"),
];

export function addControlPlaneOptions(command: Command): Command {
  command.optionsGroup("Control plane:");
  for (const option of options) command.addOption(option);
  return command;
}

/** Those that were given, as arguments for the control plane. */
export function controlPlaneOptions(flags: Readonly<Record<string, unknown>>): readonly string[] {
  return options.flatMap((option) => {
    const value = flags[option.attributeName()];
    if (typeof value === "string") return [`--${option.name()}=${value}`];
    return value === true ? [`--${option.name()}`] : [];
  });
}

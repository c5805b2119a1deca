import { resolve } from "node:path";
import {
  type Configuration,
  type ConfigurationFault,
  type GivenSettings,
  settingNames,
  settingOf,
  typedFlag,
} from "@tcm/api-contract";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { readConfiguration, renderFaults } from "./read-configuration.ts";

/** As typed. Every setting is also read from the environment and from the file of `config`. */
export type StartFlags = Readonly<Record<string, unknown>>;

export type Ports = {
  readonly api: number;
  readonly node: number;
  readonly staging: number;
  readonly production: number;
};

export type StartOptions = {
  readonly data: string;
  /** 0: any free port. */
  readonly ports: Ports;
  /** Handed to the edges as they are. */
  readonly upstreams: readonly string[];
  readonly serverCertificate: { readonly certificate: string; readonly key: string } | undefined;
  /** URL of a PostgreSQL database; undefined: the store in the data directory. */
  readonly database: string | undefined;
  readonly edges: boolean;
  /** For which the control plane serves on after it was told to stop. */
  readonly drainMs: number;
  /** Arguments that the control plane alone understands. */
  readonly controlPlane: readonly string[];
  /** For the control plane alone, and not on its command line. */
  readonly secrets: Readonly<Record<string, string>>;
};

type Environment = Readonly<Record<string, string | undefined>>;

export const defaultData = "./.tcm";

/** Throws a usage failure that says every fault. */
export function readStartOptions(flags: StartFlags, environment: Environment): StartOptions {
  const configured = readConfiguration(flags, environment);
  if (!configured.ok) throw refuseFaults(configured.faults);
  const { values, given } = configured;
  return {
    data: resolve(values.data),
    ports: { api: values.port, node: values.nodePort, staging: values.stagingPort, production: values.productionPort },
    upstreams: values.upstream?.split(" ") ?? [],
    serverCertificate: serverCertificateOf(values),
    database: values.database,
    edges: values.edges,
    drainMs: values.drain * 1_000,
    controlPlane: controlPlaneArguments(given),
    secrets: secretsOf(values),
  };
}

export function refuseFaults(faults: readonly ConfigurationFault[]): CommandFailure {
  return usage(renderFaults(faults));
}

/** What the instance itself decides, or hands on in another way. */
const ofInstance: readonly string[] = ["data", "port", "nodePort", "database"];

/** Those that were given, from wherever: flags come first there. */
function controlPlaneArguments(given: GivenSettings): readonly string[] {
  return settingNames.flatMap((name) => {
    const { of, takes, isSecret } = settingOf(name);
    const text = given[name]?.text;
    if (text === undefined || of !== "both" || isSecret || ofInstance.includes(name)) return [];
    if (takes !== undefined) return [`${typedFlag(name)}=${text}`];
    return text === "true" ? [typedFlag(name)] : [];
  });
}

function secretsOf({ database, operatorKey, oidcClientSecret }: Configuration): Readonly<Record<string, string>> {
  return {
    ...(database !== undefined && { TCM_DATABASE: database }),
    ...(operatorKey !== undefined && { TCM_OPERATOR_KEY: operatorKey }),
    ...(oidcClientSecret !== undefined && { TCM_OIDC_CLIENT_SECRET: oidcClientSecret }),
  };
}

/** From the flag, else TCM_DATA, else `./.tcm`; absolute. */
export function dataDirectory(flag: string | undefined, environment: Environment): string {
  // `--data "$UNSET"` would otherwise be the directory where the command happens to be run.
  if (flag === "") throw usage("--data names no directory.");
  return resolve(flag ?? (environment["TCM_DATA"] || defaultData));
}

/** From the flag, else TCM_DATABASE; undefined: the store in the data directory. */
export function databaseUrl(flag: string | undefined, environment: Environment): string | undefined {
  const url = flag ?? (environment["TCM_DATABASE"] || undefined);
  if (url === undefined || /^postgres(ql)?:\/\//.test(url)) return url;
  throw usage("--database takes a URL such as postgres://user@host:5432/database.");
}

function serverCertificateOf({ serverCertificate, serverKey }: Configuration): StartOptions["serverCertificate"] {
  if (serverCertificate === undefined || serverKey === undefined) return undefined;
  return { certificate: resolve(serverCertificate), key: resolve(serverKey) };
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}

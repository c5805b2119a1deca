import { resolve } from "node:path";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { controlPlaneOptions } from "./control-plane-options.ts";

/** As typed; every value also has an environment variable, and the command line wins. */
export type StartFlags = {
  readonly data?: string;
  readonly port?: string;
  readonly nodePort?: string;
  readonly stagingPort?: string;
  readonly productionPort?: string;
  readonly upstream?: readonly string[];
  readonly serverCertificate?: string;
  readonly serverKey?: string;
  readonly database?: string;
  /** False for `--no-edges`. */
  readonly edges?: boolean;
} & ControlPlaneFlags;

type ControlPlaneFlags = Readonly<Record<string, unknown>>;

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
  /** Arguments that the control plane alone understands. */
  readonly controlPlane: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

export const defaultData = "./.tcm";

export function readStartOptions(flags: StartFlags, environment: Environment): StartOptions {
  const port = (flag: string | undefined, name: string, byDefault: number): number =>
    readPort(flag ?? (environment[name] || String(byDefault)));
  return {
    data: dataDirectory(flags.data, environment),
    ports: {
      api: port(flags.port, "TCM_PORT", 7300),
      node: port(flags.nodePort, "TCM_NODE_PORT", 7301),
      staging: port(flags.stagingPort, "TCM_STAGING_PORT", 7443),
      production: port(flags.productionPort, "TCM_PRODUCTION_PORT", 8443),
    },
    upstreams: flags.upstream ?? [],
    serverCertificate: readServerCertificate(flags),
    database: databaseUrl(flags.database, environment),
    edges: flags.edges !== false,
    controlPlane: controlPlaneOptions(flags),
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

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw usage(`"${text}" is no port. Give a number from 1 to 65535, or 0 for any free one.`);
}

function readServerCertificate({ serverCertificate, serverKey }: StartFlags): StartOptions["serverCertificate"] {
  if (serverCertificate === undefined && serverKey === undefined) return undefined;
  if (serverCertificate === undefined || serverKey === undefined)
    throw usage("--server-certificate and --server-key belong together.");
  return { certificate: resolve(serverCertificate), key: resolve(serverKey) };
}

function usage(message: string): CommandFailure {
  return new CommandFailure(exitCode.usage, message);
}

import type { FastifyBaseLogger } from "fastify";
import type { OidcOptions } from "./identity/oidc-options.ts";
import type { ListenOptions } from "./listen-address.ts";
import type { WindowOptions } from "./nodes/announcement-window.ts";
import type { Clock } from "./operations/actor.ts";
import type { Limits } from "./operations/limits.ts";

export type ControlPlaneOptions = ListenOptions & {
  /** Data directory; with `database` it holds the operator key and the identities of the local nodes alone. */
  readonly directory: string;
  /** URL of a PostgreSQL database that several control planes may share. Undefined: the store in the directory. */
  readonly database?: string | undefined;
  /** Base64, instead of the key file in the directory. */
  readonly operatorKey?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly nodePort: number;
  /** Where the node port listens. Default: 127.0.0.1. */
  readonly nodeAddress?: string | undefined;
  /** By which nodes elsewhere reach it, and the other control planes on the database. Default: none but this machine's own. */
  readonly nodeHosts?: readonly string[] | undefined;
  /** Default: 7 days. */
  readonly nodeCertificateLifetimeMs?: number | undefined;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  readonly deploymentDeadlineMs: number;
  readonly heartbeatIntervalMs: number;
  /** How many nodes of a network are told of changes at a time. Default: 200, ten seconds for each. */
  readonly window?: WindowOptions | undefined;
  /** Instead of those of mETS. */
  readonly limits?: Partial<Limits>;
  /** Default: true. Without, it enrols no nodes of its own, and no deployment waits for them. */
  readonly localNodes?: boolean;
  /** Default: five minutes. How far the timestamp of an EdgeGrid signature may be from now. */
  readonly edgegridWindowMs?: number;
  readonly oidc?: OidcOptions | undefined;
  /** Default: 0. How long it still serves everything after `close`, while `/readyz` says that it will end. */
  readonly drainMs?: number;
  /** Where the built console lies. Undefined: there is the API alone. */
  readonly consoleDirectory?: string | undefined;
};

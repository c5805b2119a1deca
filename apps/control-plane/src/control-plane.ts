import { randomUUID } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import { type Network, networks } from "@tcm/core";
import { watchDeadlines } from "./activation/deadline-watch.ts";
import { watchRemovals } from "./activation/removal-watch.ts";
import { buildHttpServer } from "./http/http-server.ts";
import { openOperatorKey } from "./keys/operator-key.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { openFleet } from "./nodes/fleet.ts";
import { enrolLocalNodes } from "./nodes/local-nodes.ts";
import { openManifestCache } from "./nodes/manifest-cache.ts";
import { openNodeServer } from "./nodes/node-server.ts";
import type { Clock } from "./operations/actor.ts";
import type { DeploymentContext } from "./operations/deployment-context.ts";
import { defaultLimits, type Limits } from "./operations/limits.ts";
import { forgetConnections } from "./operations/record-reports.ts";
import { openStore } from "./store/open-store.ts";
import { openValidationPool } from "./validation/validation-pool.ts";

export type ControlPlaneOptions = {
  /** Data directory; with `database` it holds the operator key and the identities of the local nodes alone. */
  readonly directory: string;
  /** URL of a PostgreSQL database that several control planes may share. Undefined: the store in the directory. */
  readonly database?: string | undefined;
  /** Base64, instead of the key file in the directory. */
  readonly operatorKey?: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly nodePort: number;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  readonly deploymentDeadlineMs: number;
  readonly heartbeatIntervalMs: number;
  /** Instead of those of mETS. */
  readonly limits?: Partial<Limits>;
  /** Default: true. Without, it enrols no nodes of its own, and no deployment waits for them. */
  readonly localNodes?: boolean;
};

export type ControlPlane = {
  readonly url: string;
  readonly nodeUrl: string;
  /** Identity files of the local nodes, when there are any. */
  readonly identities: Readonly<Partial<Record<Network, string>>>;
  readonly context: DeploymentContext;
  close(): Promise<void>;
};

/** There is one account: mETS names one in every answer. */
const accountId = "A-TCM";

/** A slow store and clocks that differ a little disconnect nobody. */
const heartbeatsOfContact = 4;

/** Everything of the control plane, wired by hand: store, keys, fleet, node port, API. Listening when it resolves. */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, clock, log } = options;
  const store = await openStore(directory, options.database);
  const opened: (() => Promise<void>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    if (options.database === undefined) await forgetConnections(store.db);
    const signingKeys = await openSigningKeys(store, openOperatorKey(directory, options.operatorKey), clock);
    const manifest = openManifestCache(store, signingKeys);
    for (const network of networks) await manifest.refresh(network);
    const onFault = (error: unknown): void => log.error({ err: error }, "nodes could not be told of a change");
    const fleet = openFleet({ manifest, signals: store.signals, onFault });
    opened.push(async () => fleet.close());
    const validation = openValidationPool();
    opened.push(() => validation.close());
    const { deploymentDeadlineMs, heartbeatIntervalMs } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const contactWithinMs = heartbeatsOfContact * heartbeatIntervalMs;
    const replica = { controlPlaneId: randomUUID(), contactWithinMs };
    const context = { store, clock, limits, accountId, validation, fleet, deploymentDeadlineMs, ...replica };
    const nodeServer = await openNodeServer({
      context,
      fleet,
      manifest,
      log,
      port: options.nodePort,
      heartbeatIntervalMs,
    });
    opened.push(() => nodeServer.close());
    const nodeUrl = `http://127.0.0.1:${nodeServer.port}`;
    const isShared = options.database !== undefined;
    const local = { store, clock, signingKeys, directory, controlPlaneUrl: nodeUrl, isShared };
    const identities = options.localNodes === false ? {} : await enrolLocalNodes(local);
    const watch = watchDeadlines(context, log);
    opened.push(() => watch.stop());
    const removals = watchRemovals(context, log);
    opened.push(() => removals.stop());
    const http = await buildHttpServer({ context, log, heartbeatIntervalMs, readiness: () => readiness(context) });
    opened.push(() => http.close());
    const url = await http.listen({ host: "127.0.0.1", port: options.port });
    return { url, nodeUrl, identities, context, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readiness({ store }: Pick<DeploymentContext, "store">): Promise<string | undefined> {
  try {
    await store.db.selectFrom("meta").select("key").limit(1).execute();
    return undefined;
  } catch {
    return "the store does not answer";
  }
}

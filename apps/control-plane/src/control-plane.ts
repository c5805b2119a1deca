import { randomUUID } from "node:crypto";
import type { FastifyBaseLogger } from "fastify";
import { type Network, networks } from "@tcm/core";
import { watchTime } from "./activation/watch-time.ts";
import { openAuditKey } from "./audit/audit-key.ts";
import { openHeadFile } from "./audit/head-file.ts";
import { watchAuditHead } from "./audit/head-watch.ts";
import { buildHttpServer } from "./http/http-server.ts";
import type { PublicAddress } from "./http/public-address.ts";
import { createSignInLink } from "./identity/first-admin.ts";
import type { IdentityContext } from "./identity/identity-context.ts";
import type { OidcOptions } from "./identity/oidc-options.ts";
import { stopServing } from "./http/stop-serving.ts";
import { openKeyOfStore } from "./keys/key-of-store.ts";
import { openNodeAuthorities } from "./keys/node-authorities.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { keySuccession } from "./keys/succeed-key.ts";
import { productVersion } from "./observability/product-version.ts";
import { measureStore } from "./observability/measure-store.ts";
import { openMetrics } from "./observability/metrics.ts";
import { openReadiness } from "./observability/readiness.ts";
import { readinessChecks } from "./observability/readiness-checks.ts";
import { registerState } from "./observability/state-metrics.ts";
import { watchActivations } from "./observability/watch-activations.ts";
import { watchTrustOpenings } from "./observability/watch-trust-openings.ts";
import { type ListenOptions, planListening, refuseListening } from "./listen-address.ts";
import type { WindowOptions } from "./nodes/announcement-window.ts";
import { openFleet } from "./nodes/fleet.ts";
import { enrolLocalNodes } from "./nodes/local-nodes.ts";
import { openManifestCache } from "./nodes/manifest-cache.ts";
import { openNodeServer } from "./nodes/node-server.ts";
import type { NodeSession } from "./nodes/node-session.ts";
import { type Clock, timestamp } from "./operations/actor.ts";
import type { DeploymentContext } from "./operations/deployment-context.ts";
import { type AuthenticatedNode, usualNodeCertificateLifetimeMs } from "./operations/edge-nodes/enrol-node.ts";
import { defaultLimits, type Limits } from "./operations/limits.ts";
import { forgetConnections } from "./operations/activations/record-reports.ts";
import { recordSharedIdentity } from "./operations/edge-nodes/shared-identity.ts";
import { removedAnchorRefusals } from "./operations/handshakes/removed-anchor-refusals.ts";
import { giveBackSpace } from "./store/give-back-space.ts";
import { openStore } from "./store/open-store.ts";
import { ValidationPool } from "./validation/validation-pool.ts";

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

export type ControlPlane = {
  /** Where clients reach it. */
  readonly url: string;
  /** Where it listens: the same, unless a public URL was given. */
  readonly localUrl: string;
  /** What clients are told to trust, with `tls: "self-signed"`. */
  readonly caFile: string | undefined;
  /** Makes the first admin; undefined once there is one. */
  readonly signInLink: string | undefined;
  readonly nodeUrl: string;
  /** Identity files of the local nodes, when there are any. */
  readonly identities: Readonly<Partial<Record<Network, string>>>;
  readonly context: DeploymentContext;
  readonly identity: IdentityContext;
  readonly address: PublicAddress;
  close(): Promise<void>;
};

/** There is one account: mETS names one in every answer. */
const accountId = "A-TCM";

/** What clients of EdgeGrid are used to. */
const usualEdgegridWindowMs = 300_000;

const storeDamaged = "the store is damaged: stop this, keep a copy of the data directory, and restore the last backup";

/** A slow store and clocks that differ a little disconnect nobody. */
const heartbeatsOfContact = 4;

/** Everything of the control plane, wired by hand: store, keys, fleet, node port, API. Listening when it resolves. */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, clock, log } = options;
  refuseListening(options);
  const metrics = openMetrics(productVersion());
  const store = measureStore(await openStore(directory, options.database), metrics);
  store.integrity?.onDamage((damage) => log.fatal({ damage }, storeDamaged));
  store.integrity?.onFailure((err) => log.warn({ err }, "the pages of the store could not be looked at"));
  const opened: (() => Promise<void>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    if (options.database === undefined) {
      await forgetConnections(store.db);
      await giveBackSpace(store.db).then(
        (bytes) => bytes > 0 && log.info({ bytes }, "free space of the store was given back to the disk"),
        (error: unknown) => log.warn({ err: error }, "free space of the store could not be given back to the disk"),
      );
    }
    const operatorKey = await openKeyOfStore(store, directory, options.operatorKey);
    const listen = planListening(options, { directory, operatorKey, now: clock() });
    const signingKeys = await openSigningKeys(store, operatorKey, clock);
    const authorities = await openNodeAuthorities(store, operatorKey, clock);
    const auditKey = await openAuditKey(store, operatorKey);
    const audit = watchAuditHead({
      store,
      key: auditKey,
      now: () => timestamp(clock()),
      log,
      keep: openHeadFile(directory),
    });
    opened.push(() => audit.stop());
    const manifest = openManifestCache(store, signingKeys);
    for (const network of networks) await manifest.refresh(network);
    const onFault = (error: unknown): void => log.error({ err: error }, "nodes could not be told of a change");
    const onBehind = ({ node }: NodeSession): void =>
      log.warn({ nodeId: node.nodeId, network: node.network }, "node is behind");
    const onShared = (node: AuthenticatedNode): void => {
      log.warn(node, "two agents have the identity of one node");
      recordSharedIdentity({ store, clock }, node).catch(onFault);
    };
    const told = { manifest, signals: store.signals, window: options.window };
    const fleet = openFleet({ ...told, clock, onFault, onBehind, onShared });
    opened.push(async () => fleet.close());
    const validation = new ValidationPool();
    opened.push(() => validation.close());
    const { deploymentDeadlineMs, heartbeatIntervalMs } = options;
    const { nodeCertificateLifetimeMs: certificateLifetimeMs = usualNodeCertificateLifetimeMs } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const contactWithinMs = heartbeatsOfContact * heartbeatIntervalMs;
    const replica = { controlPlaneId: randomUUID(), contactWithinMs };
    const onActivationEnded = watchActivations(metrics, log);
    const onTrustOpened = watchTrustOpenings(metrics, log);
    const onHandshakes: DeploymentContext["onHandshakes"] = (...taken) => metrics.handshakesTaken(...taken);
    const deployments = {
      fleet,
      deploymentDeadlineMs,
      onActivationEnded,
      onTrustOpened,
      onHandshakes,
      ...replica,
    };
    const context = { store, clock, limits, accountId, validation, removedAnchorRefusals, ...deployments };
    const nodeServer = await openNodeServer({
      context,
      fleet,
      manifest,
      authorities,
      signingKeys,
      log,
      address: options.nodeAddress,
      port: options.nodePort,
      hosts: options.nodeHosts,
      heartbeatIntervalMs,
      certificateLifetimeMs,
    });
    opened.push(() => nodeServer.close());
    const ofNodes = {
      reportsWaiting: () => nodeServer.reportsWaiting(),
      windowOf: (network: Network) => fleet.windowOf(network).counts(),
    };
    registerState(metrics.registry, { context, ...ofNodes });
    const nodeUrl = nodeServer.localUrl;
    const isShared = options.database !== undefined;
    const issuing = { authorities, signingKeys, certificateLifetimeMs };
    const local = { store, clock, ...issuing, directory, controlPlaneUrl: nodeUrl, isShared };
    const identities = options.localNodes === false ? {} : await enrolLocalNodes(local);
    const watch = watchTime(context, log);
    opened.push(() => watch.stop());
    let port = options.port;
    const publicUrl = (): string => listen.publicUrl(port);
    const { edgegridWindowMs = usualEdgegridWindowMs, oidc } = options;
    const identity = { store, clock, operatorKey, publicUrl, edgegridWindowMs, oidc };
    const address = { publicUrl, hostNames: listen.hostNames };
    let stopping = false;
    const isStopping = (): boolean => stopping;
    const checks = readinessChecks({ context, nodePort: nodeServer });
    const readiness = openReadiness({ checks, failover: store.failover, isStopping, log });
    const { tls, host, caFile } = listen;
    const observed = { log, metrics, readiness, isStopping, consoleDirectory: options.consoleDirectory };
    const joining = { urls: nodeServer.urls, ca: authorities.nodePort.certificate.fingerprint };
    const served = { context, identity, succeedKey: keySuccession(operatorKey), address, tls, joining };
    const http = await buildHttpServer({ ...served, heartbeatIntervalMs, ...observed });
    opened.push(() => {
      stopping = true;
      return stopServing(http, { drainMs: options.drainMs ?? 0 });
    });
    port = Number(new URL(await http.listen({ host, port })).port);
    const signInLink = await createSignInLink(identity);
    const url = publicUrl();
    const localUrl = listen.localUrl(port);
    return { url, localUrl, nodeUrl, identities, context, identity, address, caFile, signInLink, close };
  } catch (error) {
    await close();
    throw error;
  }
}

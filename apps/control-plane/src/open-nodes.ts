import { type Network, networks } from "@tcm/core";
import type { ControlPlaneOptions } from "./control-plane-options.ts";
import type { NodeAuthorities } from "./keys/node-authorities.ts";
import type { SigningKeys } from "./keys/signing-keys.ts";
import { enrolLocalNodes } from "./nodes/local-nodes.ts";
import { type ManifestCache, openManifestCache } from "./nodes/manifest-cache.ts";
import { type NodeServer, openNodeServer } from "./nodes/node-server.ts";
import { SessionTable } from "./nodes/session-table.ts";
import type { DeploymentContext } from "./operations/deployment-context.ts";
import { usualNodeCertificateLifetimeMs } from "./operations/edge-nodes/enrol-node.ts";
import { recordSharedIdentity } from "./operations/edge-nodes/shared-identity.ts";
import type { Store } from "./store/store.ts";

export type NodeKeys = { readonly authorities: NodeAuthorities; readonly signingKeys: SigningKeys };

/** The manifests as they are on disk, and the nodes that are told of them: none yet. */
export type ToldNodes = { readonly manifest: ManifestCache; readonly fleet: SessionTable };

export async function openToldNodes(
  { clock, log, window }: ControlPlaneOptions,
  store: Store,
  { signingKeys }: NodeKeys,
  opened: AsyncDisposableStack,
): Promise<ToldNodes> {
  const manifest = openManifestCache(store, signingKeys);
  for (const network of networks) await manifest.refresh(network);
  const onFault = (error: unknown): void => log.error({ err: error }, "nodes could not be told of a change");
  const fleet = new SessionTable({
    manifest,
    signals: store.signals,
    window,
    clock,
    onFault,
    onBehind: ({ node: { nodeId, network } }) => log.warn({ nodeId, network }, "node is behind"),
    onShared: (node) => {
      log.warn(node, "two agents have the identity of one node");
      recordSharedIdentity({ store, clock }, node).catch(onFault);
    },
  });
  opened.defer(() => fleet.close());
  return { manifest, fleet };
}

export type NodePort = {
  readonly server: NodeServer;
  /** Identity files of the local nodes, when there are any. */
  readonly identities: Readonly<Partial<Record<Network, string>>>;
};

/** Nodes may connect, those of this machine among them, which have their identities then. */
export async function openNodePort(
  options: ControlPlaneOptions,
  context: DeploymentContext,
  told: ToldNodes & NodeKeys,
  opened: AsyncDisposableStack,
): Promise<NodePort> {
  const { log, heartbeatIntervalMs, directory, database } = options;
  const { nodeCertificateLifetimeMs: certificateLifetimeMs = usualNodeCertificateLifetimeMs } = options;
  const server = await openNodeServer({
    ...told,
    context,
    log,
    address: options.nodeAddress,
    port: options.nodePort,
    hosts: options.nodeHosts,
    heartbeatIntervalMs,
    certificateLifetimeMs,
  });
  opened.defer(() => server.close());
  if (options.localNodes === false) return { server, identities: {} };
  const { store, clock } = context;
  const where = { directory, controlPlaneUrl: server.localUrl, isShared: database !== undefined };
  return { server, identities: await enrolLocalNodes({ ...told, store, clock, certificateLifetimeMs, ...where }) };
}

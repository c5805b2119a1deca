import type { Network } from "@tcm/core";
import { watchTime } from "./activation/watch-time.ts";
import { openAuditKey } from "./audit/audit-key.ts";
import { openHeadFile } from "./audit/head-file.ts";
import { watchAuditHead } from "./audit/head-watch.ts";
import type { ControlPlaneOptions } from "./control-plane-options.ts";
import { openKeyOfStore } from "./keys/key-of-store.ts";
import { openNodeAuthorities } from "./keys/node-authorities.ts";
import { openSigningKeys } from "./keys/signing-keys.ts";
import { planListening, refuseListening } from "./listen-address.ts";
import { openMetrics } from "./observability/metrics.ts";
import { productVersion } from "./observability/product-version.ts";
import { registerState } from "./observability/state-metrics.ts";
import { type Api, openApi } from "./open-api.ts";
import { openNodePort, openToldNodes } from "./open-nodes.ts";
import { openOwnStore } from "./open-own-store.ts";
import { timestamp } from "./operations/actor.ts";
import type { DeploymentContext } from "./operations/deployment-context.ts";
import { processContext } from "./process-context.ts";
import { ValidationPool } from "./validation/validation-pool.ts";

export type ControlPlane = Api & {
  /** What clients are told to trust, with `tls: "self-signed"`. */
  readonly caFile: string | undefined;
  readonly nodeUrl: string;
  /** Identity files of the local nodes, when there are any. */
  readonly identities: Readonly<Partial<Record<Network, string>>>;
  readonly context: DeploymentContext;
  close(): Promise<void>;
};

/** Everything of the control plane, wired by hand: store, keys, fleet, node port, API. Listening when it resolves. */
export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, clock, log } = options;
  refuseListening(options);
  // Closed again, the last first, when what comes next cannot be opened.
  await using opened = new AsyncDisposableStack();
  const metrics = openMetrics(productVersion());
  const store = await openOwnStore(options, metrics, opened);
  const operatorKey = await openKeyOfStore(store, directory, options.operatorKey);
  const listen = planListening(options, { directory, operatorKey, now: clock() });
  const signingKeys = await openSigningKeys(store, operatorKey, clock);
  const authorities = await openNodeAuthorities(store, operatorKey, clock);
  const auditKey = await openAuditKey(store, operatorKey);
  const now = (): string => timestamp(clock());
  const audit = watchAuditHead({ store, key: auditKey, now, log, keep: openHeadFile(directory) });
  opened.defer(() => audit.stop());
  const nodeKeys = { signingKeys, authorities };
  const told = await openToldNodes(options, store, nodeKeys, opened);
  const validation = new ValidationPool();
  opened.defer(() => validation.close());
  const context = processContext(options, metrics, { store, fleet: told.fleet, validation });
  const { server: nodePort, identities } = await openNodePort(options, context, { ...told, ...nodeKeys }, opened);
  registerState(metrics.registry, {
    context,
    reportsWaiting: () => nodePort.reportsWaiting(),
    windowOf: (network) => told.fleet.windowOf(network).counts(),
  });
  const watch = watchTime(context, log);
  opened.defer(() => watch.stop());
  const joining = { urls: nodePort.urls, ca: authorities.nodePort.certificate.fingerprint };
  const api = await openApi(options, { context, metrics, joining, operatorKey, listen, nodePort }, opened);
  const toClose = opened.move();
  return {
    ...api,
    caFile: listen.caFile,
    nodeUrl: nodePort.localUrl,
    identities,
    context,
    close: () => toClose.disposeAsync(),
  };
}

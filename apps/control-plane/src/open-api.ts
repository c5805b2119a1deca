import type { ControlPlaneOptions } from "./control-plane-options.ts";
import { buildHttpServer, type HttpOptions } from "./http/http-server.ts";
import type { PublicAddress } from "./http/public-address.ts";
import { stopServing } from "./http/stop-serving.ts";
import { createSignInLink } from "./identity/first-admin.ts";
import type { IdentityContext } from "./identity/identity-context.ts";
import type { OperatorKey } from "./keys/operator-key.ts";
import { keySuccession } from "./keys/succeed-key.ts";
import type { ListenPlan } from "./listen-address.ts";
import type { NodeServer } from "./nodes/node-server.ts";
import { openReadiness } from "./observability/readiness.ts";
import { readinessChecks } from "./observability/readiness-checks.ts";

/** What clients of EdgeGrid are used to. */
const usualEdgegridWindowMs = 300_000;

export type Api = {
  /** Where clients reach it. */
  readonly url: string;
  /** Where it listens: the same, unless a public URL was given. */
  readonly localUrl: string;
  /** Makes the first admin; undefined once there is one. */
  readonly signInLink: string | undefined;
  readonly identity: IdentityContext;
  readonly address: PublicAddress;
};

export type ApiParts = Pick<HttpOptions, "context" | "metrics" | "joining"> & {
  readonly operatorKey: OperatorKey;
  readonly listen: ListenPlan;
  readonly nodePort: NodeServer;
};

/** The API and the console, listening; `opened` stops them when what was asked is answered. */
export async function openApi(
  options: ControlPlaneOptions,
  { context, metrics, joining, operatorKey, listen, nodePort }: ApiParts,
  opened: AsyncDisposableStack,
): Promise<Api> {
  const { log, heartbeatIntervalMs, consoleDirectory, drainMs = 0 } = options;
  const { edgegridWindowMs = usualEdgegridWindowMs, oidc } = options;
  const { store, clock } = context;
  let { port } = options;
  const publicUrl = (): string => listen.publicUrl(port);
  const identity = { store, clock, operatorKey, publicUrl, edgegridWindowMs, oidc };
  const address = { publicUrl, hostNames: listen.hostNames };
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const checks = readinessChecks({ context, nodePort });
  const http = await buildHttpServer({
    context,
    identity,
    succeedKey: keySuccession(operatorKey),
    address,
    tls: listen.tls,
    joining,
    heartbeatIntervalMs,
    log,
    metrics,
    readiness: openReadiness({ checks, failover: store.failover, isStopping, log }),
    isStopping,
    consoleDirectory,
  });
  opened.defer(() => {
    stopping = true;
    return stopServing(http, { drainMs });
  });
  port = Number(new URL(await http.listen({ host: listen.host, port })).port);
  const signInLink = await createSignInLink(identity);
  return { url: publicUrl(), localUrl: listen.localUrl(port), signInLink, identity, address };
}

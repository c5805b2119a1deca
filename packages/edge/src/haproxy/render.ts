import { haproxyErrorLogFormat, haproxyLogFormat, maxLogLineBytes } from "../handshakes/log-format.ts";
import type { EntryId } from "@tcm/core";
import type { EngineListener } from "../trust-files/trust-file-driver.ts";
import { forwardedPattern, identityPattern } from "../trust-files/identity-fields.ts";
import { trustFilePath } from "../trust-files/trust-file.ts";

export type HaproxyConfig = {
  readonly directory: string;
  readonly runtimeSocket: string;
  /** Who may use the socket beside the owner; the agent's group where HAProxy is started by another user. */
  readonly socketGroup?: string | undefined;
  readonly listeners: readonly HaproxyListener[];
  /** As the agent is told: how long connections from before a removal may go on. 10 without it. */
  readonly graceSeconds?: number | undefined;
  /** Where the agent listens for a line of every handshake; without it nothing is logged. */
  readonly handshakeSocket?: string | undefined;
};

export type HaproxyListener = EngineListener & {
  /** PEM of the server certificate and its key; the operator's. */
  readonly certificatePath: string;
  /** `host:port` of the application; without one the listener answers who the client is. */
  readonly upstream?: string | undefined;
};

/** A whole configuration to start from, which the linter has nothing to say about. Pure. */
export function renderHaproxyConfig(config: HaproxyConfig): string {
  const { runtimeSocket, socketGroup, listeners, handshakeSocket, graceSeconds = 10 } = config;
  const access = socketGroup === undefined ? "mode 600" : `mode 660 group ${socketGroup}`;
  const keepAliveSeconds = Math.max(1, Math.floor(graceSeconds / 2));
  return `global
  stats socket ${runtimeSocket} ${access} level admin expose-fd listeners
  # A resumed session skips the client's certificate, and outlives the trust in its CA.
  tune.ssl.cachesize 0
  ssl-default-bind-options no-tls-tickets ssl-min-ver TLSv1.2

${handshakeSocket === undefined ? "" : renderRing(handshakeSocket)}defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 60s
  timeout http-request 10s
  # Shorter than the grace after a removal: idle connections from before it end by themselves.
  timeout http-keep-alive ${keepAliveSeconds}s
${listeners.map((listener, position) => renderListener(listener, position, config)).join("")}`;
}

/** Never waits for the agent: what finds no room while that is away is dropped. */
function renderRing(handshakeSocket: string): string {
  return `ring tcm_handshakes
  description "handshakes, for the agent"
  format raw
  maxlen ${maxLogLineBytes - 64}
  size ${64 * maxLogLineBytes}
  timeout connect 5s
  timeout server 10s
  server agent unix@${handshakeSocket}

`;
}

function renderLog(entryId: EntryId): string {
  return `
  # One line a handshake, for the agent: numbers and certificates, no names.
  log ring@tcm_handshakes len ${maxLogLineBytes - 64} format raw daemon
  log-format "${haproxyLogFormat(entryId)}"
  error-log-format "${haproxyErrorLogFormat(entryId)}"
  http-request set-log-level silent unless { http_first_req }`;
}

function renderListener(
  listener: HaproxyListener,
  position: number,
  { directory, handshakeSocket }: HaproxyConfig,
): string {
  const { entryId, host, port, certificatePath, upstream, sendsCaNames } = listener;
  const name = `tcm_${position + 1}`;
  const trust = `ca-file ${trustFilePath(directory, entryId)}${sendsCaNames ? "" : " no-ca-names"} verify required`;
  const answer = `http-request return status 200 content-type text/plain lf-string "%[ssl_c_s_dn]\\n"`;
  return `
frontend ${name}
  bind ${host}:${port} ssl crt ${certificatePath} ${trust} alpn http/1.1
  tcp-request session set-var(sess.tcm_accepted) date(0,ms)${handshakeSocket === undefined ? "" : renderLog(entryId)}
  # Connections opened before a removal end with their next answer.
  acl tcm_older var(sess.tcm_accepted),sub(proc.tcm_removed_at) lt 0
  http-after-response set-header Connection close if tcm_older
  # A request for another host than that of the handshake is not this listener's to pass on.
  http-request set-var(txn.tcm_host) req.hdr(host),host_only,lower
  http-request deny deny_status 421 unless { ssl_fc_sni,lower,strcmp(txn.tcm_host) eq 0 }
  # What the edge says of the client. Whatever a client sends under such names, in any spelling, is not what the edge saw.
  http-request del-header ${identityPattern} -m reg
  http-request del-header ${forwardedPattern} -m reg
  # Named here, what the edge says would end at the next hop.
  http-request del-header Connection if { req.hdr(connection) -m reg -i (client|forwarded) }
  # RFC 9440. A certificate that does not fit is refused, rather than left out.
  http-request deny deny_status 403 unless { ssl_c_der,base64 -m found }
  http-request set-header Client-Cert :%[ssl_c_der,base64]:
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Proto https
  ${upstream === undefined ? answer : `default_backend ${name}_upstream`}
${upstream === undefined ? "" : renderBackend(`${name}_upstream`, upstream)}`;
}

/** Trailers come after the fields that were taken out. Before 3.2 HAProxy has no way to drop them, and does not know the option. */
function renderBackend(name: string, upstream: string): string {
  return `
backend ${name}
  .if version_atleast(3.2)
  option http-drop-request-trailers
  .endif
  server upstream ${upstream}
`;
}

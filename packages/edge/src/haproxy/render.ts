import type { EngineListener } from "../trust-files/trust-file-driver.ts";
import { trustFilePath } from "../trust-files/trust-file.ts";

export type HaproxyConfig = {
  readonly directory: string;
  readonly runtimeSocket: string;
  readonly listeners: readonly HaproxyListener[];
};

export type HaproxyListener = EngineListener & {
  /** PEM of the server certificate and its key; the operator's. */
  readonly certificatePath: string;
  /** `host:port` of the application; without one the listener answers who the client is. */
  readonly upstream?: string | undefined;
};

/** A whole configuration to start from, which the linter has nothing to say about. Pure. */
export function renderHaproxyConfig({ directory, runtimeSocket, listeners }: HaproxyConfig): string {
  return `global
  stats socket ${runtimeSocket} mode 600 level admin expose-fd listeners
  # A resumed session skips the client's certificate, and outlives the trust in its CA.
  tune.ssl.cachesize 0
  ssl-default-bind-options no-tls-tickets ssl-min-ver TLSv1.2

defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 60s
  timeout http-request 10s
  # Shorter than the grace after a removal: idle connections from before it end by themselves.
  timeout http-keep-alive 5s
${listeners.map((listener, position) => renderListener(listener, position, directory)).join("")}`;
}

function renderListener(listener: HaproxyListener, position: number, directory: string): string {
  const { entryId, host, port, certificatePath, upstream, sendsCaNames } = listener;
  const name = `tcm_${position + 1}`;
  const trust = `ca-file ${trustFilePath(directory, entryId)}${sendsCaNames ? "" : " no-ca-names"} verify required`;
  const answer = `http-request return status 200 content-type text/plain lf-string "%[ssl_c_s_dn]\\n"`;
  return `
frontend ${name}
  bind ${host}:${port} ssl crt ${certificatePath} ${trust} alpn http/1.1
  # Connections opened before a removal end with their next answer.
  tcp-request session set-var(sess.tcm_accepted) date(0,ms)
  acl tcm_older var(sess.tcm_accepted),sub(proc.tcm_removed_at) lt 0
  http-after-response set-header Connection close if tcm_older
  # RFC 9440. Whatever a client sends under these names, in any spelling, is not what the edge saw.
  http-request del-header ^client[-_.]cert -m reg
  http-request del-header ^x[-_.]forwarded[-_.]client[-_.]cert -m reg
  http-request set-header Client-Cert :%[ssl_c_der,base64]:
  ${upstream === undefined ? answer : `default_backend ${name}_upstream`}
${upstream === undefined ? "" : `\nbackend ${name}_upstream\n  server upstream ${upstream}\n`}`;
}

import { join } from "node:path";
import type { EntryId } from "@tcm/core";
import { nginxLogFormat } from "../handshakes/log-format.ts";
import type { EngineListener } from "../trust-files/trust-file-driver.ts";
import { identityFields } from "../trust-files/identity-fields.ts";
import { trustFilePath } from "../trust-files/trust-file.ts";
import { verifyHeader } from "./read-probe.ts";

export type NginxConfig = {
  readonly directory: string;
  readonly listeners: readonly NginxListener[];
  /** As the agent is told: how long old workers may go on. 10 without it. */
  readonly graceSeconds?: number | undefined;
  /** Where a line of every handshake is written for the agent; without it none is. */
  readonly handshakeLog?: string | undefined;
};

export type NginxListener = EngineListener & {
  readonly certificatePath: string;
  readonly certificateKeyPath: string;
  /** `host:port` of the application; without one the listener answers who the client is. */
  readonly upstream?: string | undefined;
};

/** Before 1.27.2 `ssl_client_certificate` must be there, and its names are sent: one name, of a CA without a key (edges.md §1.1). */
export function noNamesPath(directory: string): string {
  return join(directory, "no-names.pem");
}

/** What goes into `http {}`, which the linter has nothing to say about; `worker_shutdown_timeout` belongs outside of it. Pure. */
export function renderNginxConfig(config: NginxConfig): string {
  const { listeners, handshakeLog, graceSeconds = 10 } = config;
  return `# Outside of http {}: worker_shutdown_timeout ${graceSeconds}s;
${renderClientCertMap()}
# Told to those who are refused alone: with it the proof sees what this listener trusts.
map $ssl_client_verify $tcm_client_verify {
  default "";
  ~^FAILED $ssl_client_verify;
}
# A request for another host than that of the handshake is not this listener's to pass on.
map "$ssl_server_name $host" $tcm_misdirected {
  default 1;
  "~*^([^ ]+) \\1$" "";
}
${handshakeLog === undefined ? "" : renderLogFormats(listeners)}${listeners.map((listener) => renderListener(listener, config)).join("")}`;
}

/** 64 characters of base64 a line: certificates up to 3,840 bytes. */
const mostLines = 80;

/** RFC 9440 wants the DER in base64 on one line, and nginx has it as PEM: its lines are put together one by one. */
function renderClientCertMap(): string {
  const names = Array.from({ length: mostLines }, (_, i) => `l${i}`);
  const lines = names.map((name) => `(?:(?<${name}>[A-Za-z0-9+/=]+)\\n)?`).join("");
  const joined = names.map((name) => `\${${name}}`).join("");
  return `map $ssl_client_raw_cert $tcm_client_cert {
  default "";
  "~^-----BEGIN CERTIFICATE-----\\n${lines}-----END CERTIFICATE-----" ":${joined}:";
}`;
}

/** One line a handshake, for the agent: numbers and the client's certificate, no names. */
function renderLogFormats(listeners: readonly NginxListener[]): string {
  const entryIds = [...new Set(listeners.map(({ entryId }) => entryId))];
  const formats = entryIds.map((id) => `log_format ${logName(id)} escape=default "${nginxLogFormat(id)}";\n`);
  return `map $connection_requests $tcm_first_request {
  default 0;
  1 1;
}
${formats.join("")}`;
}

function logName(entryId: EntryId): string {
  return `tcm_${entryId.replace(/[^0-9a-z]/g, "_")}`;
}

function renderListener(listener: NginxListener, { directory, handshakeLog }: NginxConfig): string {
  const { entryId, host, port, serverName, certificatePath, certificateKeyPath, upstream, sendsCaNames } = listener;
  const trust = trustFilePath(directory, entryId);
  const log = handshakeLog && `\n  access_log ${handshakeLog} ${logName(entryId)} if=$tcm_first_request;`;
  const names = sendsCaNames ? trust : noNamesPath(directory);
  return `
server {
  listen ${host}:${port} ssl;
  server_name ${serverName};
  ssl_certificate ${certificatePath};
  ssl_certificate_key ${certificateKeyPath};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_client_certificate ${names};
  ssl_trusted_certificate ${trust};
  ssl_verify_client on;
  ssl_verify_depth 10;${log ?? ""}
  # A resumed session skips the client's certificate, and outlives the trust in its CA.
  ssl_session_cache off;
  ssl_session_tickets off;
  # Drops every other spelling of the headers below.
  underscores_in_headers off;
  ignore_invalid_headers on;
  add_header ${verifyHeader} $tcm_client_verify always;
  if ($tcm_misdirected) {
    return 421;
  }
  location / {
    ${upstream === undefined ? 'default_type text/plain;\n    return 200 "$ssl_client_s_dn\\n";' : renderUpstream(upstream)}
  }
}
`;
}

const forwardedFields = ["Forwarded", "X-Forwarded-Port", "X-Real-IP"];

function renderUpstream(upstream: string): string {
  return `proxy_pass http://${upstream};
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header Connection "";
    # RFC 9440. A certificate that does not fit is refused, rather than left out.
    if ($tcm_client_cert = "") {
      return 403;
    }
    proxy_set_header Client-Cert $tcm_client_cert;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header X-Forwarded-Proto https;
    # Said by the edge, or by nobody; other spellings are dropped above.
${[...forwardedFields, ...identityFields].map((field) => `    proxy_set_header ${field} "";`).join("\n")}`;
}

export type * from "./edge-engine.ts";
export { HandshakeTable, type HandshakeTally, type SeenHandshake } from "./handshakes/handshake-table.ts";
export { haproxyErrorLogFormat, haproxyLogFormat, maxLogLineBytes, nginxLogFormat } from "./handshakes/log-format.ts";
export { ProxyHandshakes } from "./handshakes/proxy-handshakes.ts";
export { type LoggedHandshake, readHaproxyLine, readNginxLine } from "./handshakes/read-log-line.ts";
export { openHaproxyEngine } from "./haproxy/haproxy-engine.ts";
export { type HaproxyOptions, type HaproxyTiming, haproxyTiming } from "./haproxy/haproxy-options.ts";
export { type HaproxyConfig, type HaproxyListener, renderHaproxyConfig } from "./haproxy/render.ts";
export {
  type EngineCall,
  type EngineStep,
  type MemoryEngine,
  type MemoryEngineOptions,
  openMemoryEngine,
} from "./memory/memory-engine.ts";
export { openBuiltInEdge } from "./node-tls/built-in-edge.ts";
export type { BuiltInEdge, BuiltInEdgeOptions } from "./node-tls/built-in-edge-options.ts";
export { type EdgeLimits, edgeLimits } from "./node-tls/edge-limits.ts";
export { type EdgeLog, type LogFields, logText } from "./node-tls/edge-log.ts";
export { hostnameProblem, trialHostname } from "./node-tls/edge-hostname.ts";
export type { HandshakeCount } from "./node-tls/handshake-counters.ts";
export type { ServerCertificate, ServerCertificates } from "./node-tls/server-certificate.ts";
export { type LocalCa, type LocalCaOptions, openLocalCa } from "./node-tls/local-ca.ts";
export { readServerCertificates, type ServerCertificateFiles } from "./node-tls/server-certificate-files.ts";
export { upstreamProblem } from "./node-tls/upstream-origin.ts";
export { openNginxEngine } from "./nginx/nginx-engine.ts";
export { type NginxOptions, type NginxTiming, nginxTiming } from "./nginx/nginx-options.ts";
export { type NginxConfig, type NginxListener, renderNginxConfig } from "./nginx/render.ts";
export { type ProbeClient, type ResumptionProbe, takeSession } from "./probe/resumption-probe.ts";
export { EngineAway } from "./trust-files/engine-away.ts";
export { type EngineFinding, type EngineFindingCode, findingText } from "./trust-files/engine-finding.ts";
export { type EngineConfiguration, lintEngineConfiguration } from "./trust-files/lint-engine-configuration.ts";
export type { EngineListener } from "./trust-files/trust-file-driver.ts";
export type { TrustFileEngine } from "./trust-files/trust-file-engine.ts";
export { trustFilePath } from "./trust-files/trust-file.ts";

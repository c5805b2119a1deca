export type * from "./edge-engine.ts";
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

export {
  type AgentConfiguration,
  agentConfiguration,
  type BuiltInConfiguration,
  type HaproxyConfiguration,
  type ListenerConfiguration,
  maxAgentConfigurationBytes,
  type NginxConfiguration,
} from "./agent-configuration.ts";
export * from "./ca-set-record-schema.ts";
export * from "./ca-set-schema.ts";
export { ApiProblem, NoAnswer } from "./client/client-error.ts";
export type { AnswerOf, CallOf, FullAnswer } from "./client/client-types.ts";
export { type Client, openClient } from "./client/open-client.ts";
export type { NumberedEvent } from "./client/read-events.ts";
export type { Connection, OutgoingRequest } from "./client/send-request.ts";
export {
  type Configuration,
  type ConfigurationFault,
  type Configured,
  configure,
  type GivenSettings,
  settingsOfEnvironment,
} from "./configuration/configure.ts";
export { defaultLimits, type Limits, parseLimits } from "./configuration/limits.ts";
export { isHost, isLoopback, publicUrlFault } from "./configuration/listening.ts";
export { isUsableIssuer, parseOidcRoles } from "./configuration/oidc-roles.ts";
export { holdsSecret, shownText } from "./configuration/secret-text.ts";
export {
  describeSetting,
  flagName,
  type Setting,
  type SettingName,
  settingNames,
  settingOf,
  settings,
  typedFlag,
  variableName,
} from "./configuration/settings.ts";
export * from "./deployment-schema.ts";
export * from "./endpoint.ts";
export * from "./endpoints.ts";
export * from "./event-schema.ts";
export * from "./handshake-report.ts";
export * from "./handshake-schema.ts";
export { identityEndpoints } from "./identity-endpoints.ts";
export * from "./identity-schema.ts";
export { mostObservationSeconds, mostRefusedClients } from "./one-node-first-limits.ts";
export * from "./overview-schema.ts";
export { decodeJoinToken, encodeJoinToken, type JoinToken } from "./join-token.ts";
export {
  type CaNames,
  caNamesHeader,
  cutOffHeader,
  type CertificatesRequest,
  type CertificatesResponse,
  type ControlPlaneMessage,
  certificatesRequest,
  certificatesResponse,
  controlPlaneMessage,
  type EnrolmentRequest,
  type EnrolmentResponse,
  type EntryReport,
  enrolmentRequest,
  enrolmentResponse,
  handshakesHeader,
  keySuccessor,
  manifestEntry,
  maxKeySuccessors,
  maxEnrolmentBytes,
  maxNodeLineBytes,
  type NodeIdentity,
  type NodeMessage,
  type NodeRefusal,
  nodeIdentity,
  nodeMessage,
  nodeProtocolVersion,
  nodeRefusal,
  nodeUri,
  readCaNames,
  renewalRequest,
  renewalResponse,
  signedManifestEntry,
  writeCaNames,
} from "./node-protocol.ts";
export * from "./problem-guide.ts";
export * from "./problem-schema.ts";
export { endpointsWith, problemsMarkdown } from "./problems-markdown.ts";
export * from "./role.ts";
export * from "./signing-key-schema.ts";
export * from "./trust-schema.ts";

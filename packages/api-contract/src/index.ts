// The names of request and answer schemas are their names in the OpenAPI document, too.

export {
  type AgentConfiguration,
  agentConfiguration,
  type BuiltInConfiguration,
  type HaproxyConfiguration,
  type ListenerConfiguration,
  maxAgentConfigurationBytes,
  type NginxConfiguration,
} from "./agent-configuration.ts";
export {
  activityList,
  type ActivityListView,
  associations,
  type AssociationsView,
  cloneCaSetRequest,
  deletionStatus,
  type DeletionStatusView,
  versionCertificateList,
  type VersionCertificateListView,
} from "./ca-set-record-schema.ts";
export {
  caSet,
  caSetList,
  type CaSetView,
  type CertificateView,
  createCaSetRequest,
  description,
  type ProblemItemView,
  type RenameCaSetRequest,
  renameCaSetRequest,
  trustChains,
  type ValidateRequest,
  validateRequest,
  type ValidateResponse,
  validateResponse,
  version,
  type VersionChanges,
  versionList,
  type VersionRequest,
  versionRequest,
  type VersionView,
} from "./ca-set-schema.ts";
export { ApiProblem, NoAnswer } from "./client/client-error.ts";
export type { AnswerOf, CallOf, FullAnswer } from "./client/client-types.ts";
export { type Client, openClient } from "./client/open-client.ts";
export type { NumberedEvent } from "./client/read-events.ts";
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
  type SettingName,
  settingNames,
  settingOf,
  typedFlag,
  variableName,
} from "./configuration/settings.ts";
export {
  activation,
  activationList,
  activationNodes,
  type ActivationNodesView,
  type ActivationRequest,
  activationRequest,
  type ActivationView,
  type ChangeEdgeCertificateRequest,
  changeEdgeCertificateRequest,
  changeEdgeNodeRequest,
  type CheckedCreateEdgeCertificateRequest,
  type CreateEdgeCertificateRequest,
  createEdgeCertificateRequest,
  type CreateJoinTokenRequest,
  createJoinTokenRequest,
  edgeCertificate,
  edgeCertificateList,
  type EdgeCertificateView,
  edgeNode,
  edgeNodeList,
  type EdgeNodeView,
  excludeNodeRequest,
  joinToken,
  type JoinTokenView,
} from "./deployment-schema.ts";
export { type Endpoint, problemsOf } from "./endpoint.ts";
export { type EndpointName, endpoints } from "./endpoints.ts";
export { type ControlPlaneEvent, controlPlaneEvent, type RecordedEvent } from "./event-schema.ts";
export {
  type CutOffClient,
  type HandshakeClient,
  type HandshakeCount,
  type HandshakeKind,
  type HandshakeOutcome,
  handshakeOutcomes,
  type HandshakeReason,
  handshakeReasons,
  type HandshakeReport,
  handshakeReport,
  maxHandshakeCount,
  maxReportedClients,
  maxReportedCounts,
  reportedBucketSeconds,
} from "./handshake-report.ts";
export { type HandshakeSummary, handshakeSummary, type SeenClientList, seenClientList } from "./handshake-schema.ts";
export {
  apiClientList,
  type ApiClientProfile,
  type ApiClientView,
  apiTokenList,
  type ApiTokenView,
  type AuditPage,
  auditPage,
  type AuditRecordView,
  changePasswordRequest,
  type ChangeUserRequest,
  changeUserRequest,
  createApiClientRequest,
  type CreateApiTokenRequest,
  createApiTokenRequest,
  type CreatedApiClient,
  createdApiClient,
  type CreatedApiToken,
  createdApiToken,
  type CreateUserRequest,
  createUserRequest,
  type RedeemSignInLinkRequest,
  redeemSignInLinkRequest,
  session,
  type SessionView,
  type SignInOptions,
  signInOptions,
  signInRequest,
  user,
  userList,
  userName,
  type UserView,
} from "./identity-schema.ts";
export { mostObservationSeconds, mostRefusedClients } from "./one-node-first-limits.ts";
export {
  expiringCertificateList,
  type ExpiringCertificateView,
  overview,
  type OverviewView,
} from "./overview-schema.ts";
export { decodeJoinToken, encodeJoinToken, type JoinToken } from "./join-token.ts";
export {
  type CaNames,
  caNamesHeader,
  cutOffHeader,
  type CertificatesRequest,
  type ControlPlaneMessage,
  certificatesRequest,
  certificatesResponse,
  controlPlaneMessage,
  type EnrolmentResponse,
  type EntryReport,
  enrolmentRequest,
  enrolmentResponse,
  handshakesHeader,
  keySuccessor,
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
export { problemGuide } from "./problem-guide.ts";
export { apiBasePath, type ProblemBody, problemBody, problemTypePrefix } from "./problem-schema.ts";
export { endpointsWith, problemsMarkdown } from "./problems-markdown.ts";
export { includesRole, isAllowed, type Permission, type Role, rolePermissions, roles, rolesWith } from "./role.ts";
export { rotateSigningKeyRequest, signingKey, signingKeyList, type SigningKeyView } from "./signing-key-schema.ts";
export {
  effectiveTrust,
  type EffectiveTrustView,
  verification,
  type VerificationView,
  type VerifyRequest,
  verifyRequest,
  versionDiff,
  type VersionDiffView,
} from "./trust-schema.ts";

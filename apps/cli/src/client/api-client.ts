import {
  activation,
  activationList,
  activationNodes,
  type ActivationNodesView,
  type ActivationView,
  caSet,
  caSetList,
  type CaSetView,
  type CreateEdgeCertificateRequest,
  edgeCertificate,
  edgeCertificateList,
  type EdgeCertificateView,
  edgeNode,
  edgeNodeList,
  type EdgeNodeView,
  trustChains,
  type ValidateRequest,
  validateResponse,
  type ValidateResponse,
  version,
  versionList,
  type VersionRequest,
  type VersionView,
} from "@tcm/api-contract";
import type { ChainStructure, Network } from "@tcm/core";
import type { Connection } from "./connection.ts";
import { type ApiRequest, type Schema, sendForText, sendRequest } from "./send-request.ts";

/** Every endpoint that the command line uses; answers are checked against the contract. */
export type ApiClient = ReturnType<typeof apiClient>;

export function apiClient(connection: Connection) {
  const send = <T>(schema: Schema<T>, method: ApiRequest["method"], path: string, body?: unknown): Promise<T> =>
    sendRequest(connection, { method, path, body }, schema);
  const setPath = (caSetId: string): string => `/ca-sets/${encodeURIComponent(caSetId)}`;
  const versionPath = (caSetId: string, number: number): string => `${setPath(caSetId)}/versions/${number}`;
  const activationPath = ({ caSetId, version: number, activationId }: ActivationView): string =>
    `${versionPath(caSetId, number)}/activations/${activationId}`;

  return {
    connection,
    listCaSets: (namePrefix?: string): Promise<{ readonly caSets: readonly CaSetView[] }> => {
      const query = namePrefix === undefined ? {} : { caSetNamePrefix: namePrefix };
      return sendRequest(connection, { method: "GET", path: "/ca-sets", query }, caSetList);
    },
    getCaSet: (caSetId: string): Promise<CaSetView> => send(caSet, "GET", setPath(caSetId)),
    createCaSet: (caSetName: string, description?: string): Promise<CaSetView> =>
      send(caSet, "POST", "/ca-sets", { caSetName, ...(description !== undefined && { description }) }),
    renameCaSet: (caSetId: string, caSetName: string): Promise<CaSetView> =>
      send(caSet, "PATCH", setPath(caSetId), { caSetName }),

    validate: (request: ValidateRequest): Promise<ValidateResponse> =>
      send(validateResponse, "POST", "/certificates/validate", request),
    listVersions: (caSetId: string): Promise<{ readonly versions: readonly VersionView[] }> =>
      send(versionList, "GET", `${setPath(caSetId)}/versions`),
    /** What is active somewhere, with its certificates. */
    listActiveVersions: (caSetId: string): Promise<{ readonly versions: readonly VersionView[] }> => {
      const query = { activeVersionsOnly: "true", includeCertificates: "true" };
      return sendRequest(connection, { method: "GET", path: `${setPath(caSetId)}/versions`, query }, versionList);
    },
    getVersion: (caSetId: string, number: number): Promise<VersionView> =>
      send(version, "GET", versionPath(caSetId, number)),
    createVersion: (caSetId: string, request: VersionRequest): Promise<VersionView> =>
      send(version, "POST", `${setPath(caSetId)}/versions`, request),
    replaceVersion: (caSetId: string, number: number, request: VersionRequest): Promise<VersionView> =>
      send(version, "PUT", versionPath(caSetId, number), request),
    cloneVersion: (caSetId: string, number: number): Promise<VersionView> =>
      send(version, "POST", `${versionPath(caSetId, number)}/clone`),
    trustChains: (caSetId: string, number: number): Promise<ChainStructure> =>
      send(trustChains, "GET", `${versionPath(caSetId, number)}/trust-chains`),
    bundle: (caSetId: string, number: number): Promise<string> => {
      const path = `${versionPath(caSetId, number)}/bundle.pem`;
      return sendForText(connection, { method: "GET", path, accept: "*/*" });
    },

    activate: (caSetId: string, number: number, network: Network): Promise<ActivationView> =>
      send(activation, "POST", `${versionPath(caSetId, number)}/activate`, { network }),
    deactivate: (caSetId: string, number: number, network: Network): Promise<ActivationView> =>
      send(activation, "POST", `${versionPath(caSetId, number)}/deactivate`, { network }),
    listActivations: (caSetId: string): Promise<{ readonly activations: readonly ActivationView[] }> =>
      send(activationList, "GET", `${setPath(caSetId)}/activations`),
    getActivation: (started: ActivationView): Promise<ActivationView> =>
      send(activation, "GET", activationPath(started)),
    cancelActivation: (started: ActivationView): Promise<ActivationView> =>
      send(activation, "POST", `${activationPath(started)}/cancel`),
    activationNodes: (started: ActivationView): Promise<ActivationNodesView> =>
      send(activationNodes, "GET", `${activationPath(started)}/nodes`),
    excludeNode: (started: ActivationView, nodeId: string): Promise<ActivationNodesView> =>
      send(activationNodes, "POST", `${activationPath(started)}/nodes/exclude`, { nodeId }),

    listEdgeCertificates: (): Promise<{ readonly edgeCertificates: readonly EdgeCertificateView[] }> =>
      send(edgeCertificateList, "GET", "/edge-certificates"),
    getEdgeCertificate: (id: number): Promise<EdgeCertificateView> =>
      send(edgeCertificate, "GET", `/edge-certificates/${id}`),
    createEdgeCertificate: (request: CreateEdgeCertificateRequest): Promise<EdgeCertificateView> =>
      send(edgeCertificate, "POST", "/edge-certificates", request),
    deleteEdgeCertificate: async (id: number): Promise<void> => {
      await sendForText(connection, { method: "DELETE", path: `/edge-certificates/${id}` });
    },

    listEdgeNodes: (): Promise<{ readonly edgeNodes: readonly EdgeNodeView[] }> =>
      send(edgeNodeList, "GET", "/edge-nodes"),
    getEdgeNode: (nodeId: string): Promise<EdgeNodeView> =>
      send(edgeNode, "GET", `/edge-nodes/${encodeURIComponent(nodeId)}`),
  };
}

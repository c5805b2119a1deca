import type { ControlPlaneEvent, EndpointName } from "@tcm/api-contract";

/** Which reads an event makes old; undefined: all of them. */
export function readAgain(event: ControlPlaneEvent): readonly EndpointName[] | undefined {
  return event.type === "reset" ? undefined : oldAfter[event.type];
}

const setAndVersions = [
  "listCaSets",
  "getCaSet",
  "listVersions",
  "getVersion",
  "listSetActivations",
  "getOverview",
  "listExpiringCertificates",
] as const;

const oldAfter: Readonly<Record<Exclude<ControlPlaneEvent["type"], "reset">, readonly EndpointName[]>> = {
  ready: [],
  activation: [
    ...setAndVersions,
    "listVersionActivations",
    "getActivation",
    "listActivationNodes",
    "listEdgeNodes",
    "getEdgeNode",
  ],
  "ca-set": [...setAndVersions, "listActivities", "listAssociations", "getDeletionStatus"],
  "edge-certificate": [
    "listEdgeCertificates",
    "getEdgeCertificate",
    "listAssociations",
    "listEdgeNodes",
    "getEdgeNode",
  ],
  "edge-node": ["listEdgeNodes", "getEdgeNode"],
  alarm: ["listEdgeCertificates", "getEdgeCertificate", "getOverview"],
};

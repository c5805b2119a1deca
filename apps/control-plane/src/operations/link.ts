import { apiBasePath } from "@tcm/api-contract";

export function caSetLink(caSetId: number): string {
  return `${apiBasePath}/ca-sets/${caSetId}`;
}

export function deletionLink(caSetId: number): string {
  return `${caSetLink(caSetId)}/status/delete`;
}

export function versionLink(caSetId: number, version: number): string {
  return `${caSetLink(caSetId)}/versions/${version}`;
}

export function activationLink(caSetId: number, version: number, activationId: number): string {
  return `${versionLink(caSetId, version)}/activations/${activationId}`;
}

export function edgeCertificateLink(id: number): string {
  return `${apiBasePath}/edge-certificates/${id}`;
}

export function edgeCertificateIds(id: number) {
  return { edgeCertificateId: id, edgeCertificateLink: edgeCertificateLink(id) };
}

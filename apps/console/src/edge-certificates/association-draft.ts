import type { CreateEdgeCertificateRequest, EdgeCertificateView } from "@tcm/api-contract";
import { readHostnames } from "./hostnames.ts";

/** What is being decided about an edge certificate. */
export type AssociationDraft = {
  readonly hostnames: string;
  readonly caSetId: string;
  readonly mode: "deny" | "observe";
  readonly sendsNames: boolean;
};

/** As an edge certificate is now, or with nothing decided; bound to the set, where one is given. Pure. */
export function draftOf(
  edgeCertificate: EdgeCertificateView | undefined,
  caSetId: string | undefined,
): AssociationDraft {
  if (edgeCertificate === undefined) return { hostnames: "", caSetId: caSetId ?? "", mode: "deny", sendsNames: false };
  const { hostnames, clientAuthentication } = edgeCertificate;
  return {
    hostnames: hostnames.join("\n"),
    caSetId: caSetId ?? clientAuthentication.caSetId,
    mode: clientAuthentication.mode,
    sendsNames: clientAuthentication.sendCaListToClient,
  };
}

export function requestOf({ hostnames, caSetId, mode, sendsNames }: AssociationDraft): CreateEdgeCertificateRequest {
  return {
    hostnames: [...readHostnames(hostnames)],
    clientAuthentication: { caSetId, mode, sendCaListToClient: sendsNames },
  };
}

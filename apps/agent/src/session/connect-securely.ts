import { type ClientHttp2Session, connect } from "node:http2";
import type { NodeIdentity } from "@tcm/api-contract";

export type Credentials = Pick<NodeIdentity, "controlPlaneCa"> &
  Partial<Pick<NodeIdentity, "certificate" | "privateKey">>;

/**
 * Mutual TLS 1.3: the one CA of the control plane, and no other that this machine may trust. The check is asked for aloud, as
 * NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would turn it off, and a join token go to whoever answers.
 */
export function connectSecurely(
  url: string,
  { controlPlaneCa, certificate, privateKey }: Credentials,
): ClientHttp2Session {
  const credential = { cert: certificate, key: privateKey };
  return connect(url, { ca: controlPlaneCa, ...credential, minVersion: "TLSv1.3", rejectUnauthorized: true });
}

const outOfTime = "the certificate of the control plane is not valid at this time: look at the clocks of both machines";
const otherCa =
  "what answers there is not the control plane of this node: its certificate is by another CA. Nothing was told to it";

const faults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: outOfTime,
  CERT_NOT_YET_VALID: outOfTime,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the certificate of the control plane does not name this address: start the control plane with --node-host for it",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: otherCa,
  UNABLE_TO_GET_ISSUER_CERT: otherCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: otherCa,
  SELF_SIGNED_CERT_IN_CHAIN: otherCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: otherCa,
  CERT_SIGNATURE_FAILURE: otherCa,
};

/** Why no connection came about, in words for the operator of the node. A stream that ends for it has the reason as its cause. */
export function connectionFault(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return faults[(cause as NodeJS.ErrnoException).code ?? ""] ?? error.message;
}

import type { Network, UnixMillis } from "@tcm/core";
import { generateKeyPair, privateKeyPem } from "@tcm/node-crypto";
import { type NodeAuthorities, openNodeAuthorities } from "../keys/node-authorities.ts";
import { issueNodeCertificate } from "../keys/node-certificate.ts";
import { openOperatorKey } from "../keys/operator-key.ts";
import type { Clock } from "../operations/actor.ts";
import { type Enrolment, enrolNode, usualNodeCertificateLifetimeMs } from "../operations/edge-nodes/enrol-node.ts";
import type { Store } from "../store/store.ts";

/** What a node needs to be itself: PEM both. */
export type NodeAccount = {
  readonly nodeId: string;
  readonly network: Network;
  readonly certificate: string;
  readonly privateKey: string;
};

/** Makes nodes known to a store, beside the control planes that run on it. `directory`: with the operator key. */
export async function openNodeEnroller(store: Store, directory: string, clock: Clock, operatorKey?: string) {
  const authorities = await openNodeAuthorities(store, openOperatorKey(directory, operatorKey), clock);
  return async (
    nodeId: string,
    network: Network,
    lifetimeMs: number = usualNodeCertificateLifetimeMs,
  ): Promise<NodeAccount> =>
    nodeAccount(authorities, await enrolNode(store, clock, nodeId, network, lifetimeMs), clock());
}

/** A key, and a certificate for it. */
function nodeAccount(authorities: NodeAuthorities, enrolment: Enrolment, from: UnixMillis): NodeAccount {
  const { nodeId, network, notAfter } = enrolment;
  const { publicKey, privateKey } = generateKeyPair("p256");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const certificate = issueNodeCertificate(authorities, enrolment, spki, { from, notAfter });
  return { nodeId, network, certificate, privateKey: privateKeyPem(privateKey) };
}

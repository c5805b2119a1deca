import {
  buildAnchorIndex,
  buildCrlIndex,
  buildIssuerGraph,
  type Certificate,
  type CertificateRevocationList,
  type DescribedPathResult,
  describePathResult,
  edgePathLimits,
  type EffectiveTrust,
  effectiveTrust,
  type PathProfile,
  type UnixSeconds,
  validatePath,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";

export type OfflineQuestion = {
  readonly anchors: readonly Certificate[];
  readonly presented: readonly [Certificate, ...Certificate[]];
  readonly time: UnixSeconds;
  readonly profile: PathProfile;
  readonly allowSha1: boolean;
  readonly crls: readonly CertificateRevocationList[];
};

/**
 * The verdict of an edge that serves these anchors, with its limits. With revocation lists, a certificate whose status they do
 * not tell is refused, as engines on OpenSSL do.
 */
export function verifyOffline(question: OfflineQuestion): DescribedPathResult {
  const { anchors, presented, time, profile, allowSha1, crls } = question;
  const revocation = crls.length === 0 ? undefined : ({ crls: buildCrlIndex(crls), mode: "hard-fail" } as const);
  const result = validatePath({
    presented,
    anchors: buildAnchorIndex(anchors),
    time,
    purpose: "clientAuth",
    profile,
    allowSha1,
    ...(revocation !== undefined && { revocation }),
    advise: true,
    limits: edgePathLimits,
    crypto: nodeCrypto,
  });
  return describePathResult(result);
}

export function trustOf(anchors: readonly Certificate[]): EffectiveTrust {
  return effectiveTrust(anchors, buildIssuerGraph(anchors, nodeCrypto));
}

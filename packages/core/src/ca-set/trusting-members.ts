import type { Certificate } from "../certificate/certificate.ts";
import { buildIssuerGraph } from "../path/issuer-graph.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import { toHex } from "../text/hex.ts";
import { caOf, trustedCas } from "./trusted-cas.ts";

/** A member of a set that lets in who holds the key of a CA. */
export type TrustingMember = {
  readonly member: Certificate;
  /** The same certificate, another one of the same CA, its key under another name, or a CA above it. */
  readonly as: "itself" | "same-ca" | "same-key" | "above";
};

/**
 * Through which members a set lets in the clients of a CA; none: it lets in none of them. Of `sent`, any number of certificates, clients
 * may send what stands between the CA and a member. Whether anything has expired, or is limited by name or purpose, is not looked at:
 * who takes trust away from a CA takes it away for good.
 */
export function trustingMembers(
  ca: Certificate,
  sent: readonly Certificate[],
  members: readonly Certificate[],
  crypto: CryptoPort,
): readonly TrustingMember[] {
  const related = relatedTo(ca, [...sent, ...members]);
  const anchors = members.filter(({ fingerprint }) => related.has(fingerprint));
  const trusting = trustedCas(anchors, buildIssuerGraph([...related.values()], crypto)).get(caOf(ca));
  const key = toHex(ca.publicKey.der);
  return members.flatMap((member) => {
    if (member.fingerprint === ca.fingerprint) return { member, as: "itself" as const };
    if (caOf(member) === caOf(ca)) return { member, as: "same-ca" as const };
    if (toHex(member.publicKey.der) === key) return { member, as: "same-key" as const };
    return trusting?.has(member.fingerprint) === true ? { member, as: "above" as const } : [];
  });
}

/** By name, what may stand above it or beside it: signatures are verified among these alone. */
function relatedTo(ca: Certificate, others: readonly Certificate[]): ReadonlyMap<string, Certificate> {
  const bySubject = Map.groupBy(others, ({ subject }) => subject.canonical);
  const related = new Map([[ca.fingerprint, ca]]);
  const queue = [ca];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const name of [next.subject, next.issuer])
      for (const other of bySubject.get(name.canonical) ?? []) {
        if (related.has(other.fingerprint)) continue;
        related.set(other.fingerprint, other);
        queue.push(other);
      }
  }
  return related;
}

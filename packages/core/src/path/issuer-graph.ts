import type { Certificate } from "../certificate/certificate.ts";
import { isSelfIssued } from "../certificate/self-issued.ts";
import { checkSignature, type SignatureProblem } from "../signature/check-signature.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import { keyIdentifierMatch } from "./candidate-issuers.ts";

/** Who signed whom among the members of a set, by signature and not by name alone. */
export type IssuerGraph = {
  /** For each member: the other members whose key signed it. Several for a cross-signed CA's own issuers of one key. */
  readonly issuers: ReadonlyMap<Certificate, readonly Certificate[]>;
  /** Members that sign themselves. */
  readonly roots: ReadonlySet<Certificate>;
  /** Members whose issuer's name is in the set while no key of that name verifies the signature. */
  readonly broken: ReadonlyMap<Certificate, BrokenLink>;
};

export type BrokenLink = {
  readonly namesakes: readonly Certificate[];
  readonly problem: SignatureProblem;
  /** Not every namesake was tried: there were too many. */
  readonly isBounded: boolean;
};

/**
 * A child is verified under at most this many keys of its issuer's name. Real sets have two or three (a renewal, a new key);
 * 300 CAs of one name would otherwise cost 90,000 verifications.
 */
const maxNamesakesTried = 8;

/** Weak signatures still tell who signed whom: the rules report their weakness. */
const policy = { allowSha1: true };

export function buildIssuerGraph(members: readonly Certificate[], crypto: CryptoPort): IssuerGraph {
  const bySubject = Map.groupBy(members, ({ subject }) => subject.canonical);
  const issuers = new Map<Certificate, readonly Certificate[]>();
  const roots = new Set<Certificate>();
  const broken = new Map<Certificate, BrokenLink>();
  for (const member of members) {
    const namesakes = (bySubject.get(member.issuer.canonical) ?? []).filter((other) => other !== member);
    if (isSelfIssued(member) && checkSignature(member, member, policy, crypto) === undefined) roots.add(member);
    const { found, problem, isBounded } = findIssuers(member, namesakes, crypto);
    issuers.set(member, found);
    if (found.length === 0 && !roots.has(member) && problem !== undefined)
      broken.set(member, { namesakes, problem, isBounded });
  }
  return { issuers, roots, broken };
}

function findIssuers(child: Certificate, namesakes: readonly Certificate[], crypto: CryptoPort) {
  const ordered = namesakes.toSorted((a, b) => keyIdentifierMatch(child, b) - keyIdentifierMatch(child, a));
  const found: Certificate[] = [];
  let problem: SignatureProblem | undefined;
  for (const candidate of ordered.slice(0, maxNamesakesTried)) {
    const failure = checkSignature(child, candidate, policy, crypto);
    if (failure === undefined) found.push(candidate);
    else problem ??= failure;
  }
  return { found, problem, isBounded: ordered.length > maxNamesakesTried };
}

/** Members from which a self-signed root can be reached inside the set, roots included. */
export function chainedToRoot(graph: IssuerGraph): ReadonlySet<Certificate> {
  const children = childrenOf(graph);
  const reached = new Set<Certificate>(graph.roots);
  const queue = [...graph.roots];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const child of children.get(next) ?? []) {
      if (!reached.has(child)) {
        reached.add(child);
        queue.push(child);
      }
    }
  }
  return reached;
}

export function childrenOf({ issuers }: IssuerGraph): ReadonlyMap<Certificate, readonly Certificate[]> {
  const children = new Map<Certificate, Certificate[]>();
  for (const [child, parents] of issuers) {
    for (const parent of parents) {
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [child]);
      else list.push(child);
    }
  }
  return children;
}

import type { Certificate } from "../certificate/certificate.ts";
import { keyPurpose } from "../certificate/extension-oid.ts";
import { formatTime } from "../certificate/format-certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import type { GeneralName } from "../certificate/general-name.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import { toHex } from "../text/hex.ts";
import { childrenOf, type IssuerGraph } from "./issuer-graph.ts";

/** What a set really trusts, anchor by anchor, and what trusting chosen points instead would change. JSON-safe. */
export type EffectiveTrust = {
  readonly anchors: readonly AnchorTrust[];
  /** Trusting only the lowest members: those that certify no other member. */
  readonly pinning: PinningEffect;
};

export type AnchorTrust = {
  readonly fingerprint: string;
  readonly subject: string;
  /** What a client's certificate must be for this anchor alone to let it in. */
  readonly letsIn: LetsIn;
  /** Members somewhere below it. */
  readonly covers: readonly string[];
  /**
   * Members that let in the clients of this one too: those above it, as long as the client sends the certificates between, and
   * other certificates of the same CA (same name and key).
   */
  readonly coveredBy: readonly string[];
  /**
   * `issuing`: only it lets its clients in. `pinned`: another member lets them in as well, so that it widens nothing.
   * `widening`: the clients of the members below get in without it; what it adds are its own clients and those of all the
   * other CAs under it, also of those to come.
   */
  readonly role: "issuing" | "pinned" | "widening";
};

export type LetsIn = {
  /** CAs that may follow below; undefined: any number. */
  readonly furtherCas?: number;
  /** False when extendedKeyUsage excludes client authentication: then it lets in nobody. */
  readonly clientAuth: boolean;
  /** Names that clients may or must not have; absent: any name. */
  readonly permittedNames?: readonly string[];
  readonly excludedNames?: readonly string[];
  readonly until: string;
};

export type PinningEffect = {
  readonly kept: readonly string[];
  readonly dropped: readonly {
    readonly fingerprint: string;
    readonly subject: string;
    /** Kept members under it: their clients stay. Those of any other CA under it lose access. */
    readonly stillServedBy: readonly string[];
  }[];
};

/** `graph` spans the members. Signatures decide who stands above whom; constraints are told, not computed through. */
export function effectiveTrust(members: readonly Certificate[], graph: IssuerGraph): EffectiveTrust {
  const children = childrenOf(graph);
  const below = new Map(members.map((member) => [member, descendants(member, children)]));
  const lowest = members.filter((member) => below.get(member)?.size === 0).map(({ fingerprint }) => fingerprint);
  return {
    anchors: members.map((member) => describeAnchor(member, members, below)),
    pinning: pinningEffect(members, graph, lowest),
  };
}

/** What trusting only the members of `chosen` (fingerprints) would change. */
export function pinningEffect(
  members: readonly Certificate[],
  graph: IssuerGraph,
  chosen: readonly string[],
): PinningEffect {
  const children = childrenOf(graph);
  const kept = new Set(chosen);
  const dropped = members
    .filter(({ fingerprint }) => !kept.has(fingerprint))
    .map((member) => ({
      fingerprint: member.fingerprint,
      subject: formatName(member.subject),
      stillServedBy: fingerprints(members, descendants(member, children)).filter((one) => kept.has(one)),
    }));
  return { kept: members.map(({ fingerprint }) => fingerprint).filter((one) => kept.has(one)), dropped };
}

type Below = ReadonlyMap<Certificate, ReadonlySet<Certificate>>;

function describeAnchor(member: Certificate, members: readonly Certificate[], below: Below): AnchorTrust {
  const mine = below.get(member) ?? new Set();
  const covering = members.filter(
    (other) => other !== member && (below.get(other)?.has(member) || isSameCa(other, member)),
  );
  const role = mine.size > 0 ? "widening" : covering.length > 0 ? "pinned" : "issuing";
  return {
    fingerprint: member.fingerprint,
    subject: formatName(member.subject),
    letsIn: letsIn(member),
    covers: fingerprints(members, mine),
    coveredBy: fingerprints(members, new Set(covering)),
    role,
  };
}

function isSameCa(a: Certificate, b: Certificate): boolean {
  return a.subject.canonical === b.subject.canonical && sameBytes(a.publicKey.der, b.publicKey.der);
}

/** Cross-signed members may stand above each other: each certificate is visited once, and none is below itself. */
function descendants(
  top: Certificate,
  children: ReadonlyMap<Certificate, readonly Certificate[]>,
): ReadonlySet<Certificate> {
  const seen = new Set<Certificate>();
  const queue = [...(children.get(top) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === top || seen.has(next)) continue;
    seen.add(next);
    queue.push(...(children.get(next) ?? []));
  }
  return seen;
}

function letsIn({ extensions, notAfter }: Certificate): LetsIn {
  const { basicConstraints, extendedKeyUsage, nameConstraints } = extensions;
  const pathLen = basicConstraints?.pathLenConstraint;
  const permitted = nameConstraints?.permittedSubtrees ?? [];
  const excluded = nameConstraints?.excludedSubtrees ?? [];
  return {
    ...(pathLen !== undefined && { furtherCas: pathLen }),
    clientAuth: extendedKeyUsage === undefined || extendedKeyUsage.some(allowsClients),
    ...(permitted.length > 0 && { permittedNames: permitted.map(formatSubtree) }),
    ...(excluded.length > 0 && { excludedNames: excluded.map(formatSubtree) }),
    until: formatTime(notAfter),
  };
}

function allowsClients(purpose: string): boolean {
  return purpose === keyPurpose.clientAuth || purpose === keyPurpose.any;
}

/** For people: `dNSName:example.com`. */
export function formatSubtree(base: GeneralName): string {
  switch (base.form) {
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
      return `${base.form}:${base.text}`;
    case "iPAddress":
      return `iPAddress:${formatRange(base.octets)}`;
    case "directoryName":
      return `directoryName:${formatName(base.name)}`;
    default:
      return `${base.form}:${toHex(base.der)}`;
  }
}

/** Address and mask, dotted or in hex groups. */
function formatRange(octets: Uint8Array): string {
  const half = octets.length / 2;
  if (half === 4) return `${[...octets.subarray(0, 4)].join(".")}/${[...octets.subarray(4)].join(".")}`;
  return `${toHex(octets.subarray(0, half))}/${toHex(octets.subarray(half))}`;
}

/** Of those chosen, in the order of the set. */
function fingerprints(members: readonly Certificate[], chosen: ReadonlySet<Certificate>): readonly string[] {
  return members.filter((member) => chosen.has(member)).map(({ fingerprint }) => fingerprint);
}

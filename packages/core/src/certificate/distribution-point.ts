import { DerFault } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readNamedBits } from "../der/primitive.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import type { Certificate } from "./certificate.ts";
import { extensionOid } from "./extension-oid.ts";
import type { GeneralName } from "./general-name.ts";
import { readGeneralNames } from "./parse-general-name.ts";
import { canonicalRdn, readRdn } from "./parse-name.ts";

/** Where revocation information about a certificate is to be found, RFC 5280 §4.2.1.13. */
export type DistributionPoint = {
  readonly name?: DistributionPointName;
  /** Bits of ReasonFlags that lists from here cover; undefined: all of them. */
  readonly reasons?: ReasonMask;
  readonly cRLIssuer?: readonly GeneralName[];
};

/** Of a relative name the canonical form of its RDN: the issuer of the list goes before it. */
export type DistributionPointName = { readonly fullName: readonly GeneralName[] } | { readonly relativeName: string };

/** Bit numbers of ReasonFlags; 0 is unused. */
export type ReasonMask = number;
export const allReasons: ReasonMask = 0b1_1111_1110;

/** Real certificates name two or three. */
const maxDistributionPoints = 32;

/** Undefined: none are named. A DerFault: the extension cannot be read. */
export function readDistributionPoints({ extensions }: Certificate): readonly DistributionPoint[] | undefined {
  const value = extensions.all.get(extensionOid.cRLDistributionPoints)?.value;
  if (value === undefined) return undefined;
  const reader = new DerReader(value);
  const list = reader.enter(tag.sequence, "CRLDistributionPoints");
  reader.finish("CRLDistributionPoints");
  if (list.atEnd) throw new DerFault("der-empty-sequence", list.position, "at least one distribution point");
  const points: DistributionPoint[] = [];
  while (!list.atEnd) {
    if (points.length === maxDistributionPoints)
      throw new DerFault("der-too-large", list.position, `at most ${maxDistributionPoints} distribution points`);
    points.push(readDistributionPoint(list.enter(tag.sequence, "a DistributionPoint")));
  }
  return points;
}

function readDistributionPoint(body: DerReader): DistributionPoint {
  const name = readDistributionPointName(body);
  const reasons = readReasons(body, contextTag(1));
  const cRLIssuer =
    body.peekTag() === contextConstructedTag(2) ? readGeneralNames(body, contextConstructedTag(2)) : undefined;
  body.finish("a DistributionPoint");
  // §4.2.1.13: MUST NOT consist of only the reasons field.
  if (name === undefined && cRLIssuer === undefined)
    throw new DerFault("der-bad-value", body.position, "a distribution point or a cRLIssuer");
  return { ...(name && { name }), ...(reasons !== undefined && { reasons }), ...(cRLIssuer && { cRLIssuer }) };
}

/** [0] EXPLICIT, since DistributionPointName is a CHOICE. Also of issuingDistributionPoint, §5.2.5. */
export function readDistributionPointName(body: DerReader): DistributionPointName | undefined {
  if (body.peekTag() !== contextConstructedTag(0)) return undefined;
  const wrapped = body.enter(contextConstructedTag(0), "a DistributionPointName");
  const name =
    wrapped.peekTag() === contextConstructedTag(1)
      ? { relativeName: canonicalRdn(readRdn(wrapped, contextConstructedTag(1))) }
      : { fullName: readGeneralNames(wrapped, contextConstructedTag(0)) };
  wrapped.finish("a DistributionPointName");
  return name;
}

export function readReasons(body: DerReader, expected: number): ReasonMask | undefined {
  return body.peekTag() === expected ? readNamedBits(body, expected).mask & allReasons : undefined;
}

import { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { tag } from "../der/tag.ts";

/** RFC 5280 §4.2.1.4: the qualifiers that the profile defines, both for people to read. */
const knownQualifiers: ReadonlySet<string> = new Set(["1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"]);

/**
 * The first policy qualifier that is neither a CPS pointer nor a user notice; `value` is the content of a
 * certificatePolicies extension that the decoder has accepted. Throws a DerFault where qualifiers are malformed.
 */
export function unknownQualifier(value: Uint8Array): string | undefined {
  const policies = new DerReader(value).enter(tag.sequence, "CertificatePolicies");
  while (!policies.atEnd) {
    const information = policies.enter(tag.sequence, "PolicyInformation");
    readOid(information);
    if (information.atEnd) continue;
    const qualifiers = information.enter(tag.sequence, "policyQualifiers");
    while (!qualifiers.atEnd) {
      const id = readOid(qualifiers.enter(tag.sequence, "a PolicyQualifierInfo"));
      if (!knownQualifiers.has(id)) return id;
    }
  }
  return undefined;
}

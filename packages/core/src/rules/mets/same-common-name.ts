import { commonNames, formatName } from "../../certificate/format-name.ts";
import { foldText } from "../../certificate/parse-name.ts";
import type { Member, Observation, Rule } from "../rule.ts";

/**
 * Two CAs of one Common Name are hard to tell apart for people and for engines that look issuers up by name. Compared as RFC 5280
 * §7.1 compares; a certificate without one clashes with none. During a rotation the version's option allows it.
 */
export const sameCommonName: Rule = {
  code: "same-common-name",
  cites: "RFC 5280 §7.1",
  check: ({ members, options }) => (options.allowDuplicateCommonNames ? [] : clashes(members)),
};

function clashes(members: readonly Member[]): readonly Observation[] {
  const first = new Map<string, Member>();
  const found: Observation[] = [];
  for (const member of members) {
    for (const commonName of commonNames(member.certificate.subject)) {
      const folded = foldText(commonName);
      if (folded === "") continue;
      const earlier = first.get(folded);
      if (earlier === undefined) first.set(folded, member);
      else if (earlier !== member) found.push({ member, evidence: { commonName, other: describe(earlier) } });
    }
  }
  return found;
}

function describe({ index, certificate }: Member): Readonly<Record<string, unknown>> {
  return { index, subject: formatName(certificate.subject), fingerprint: certificate.fingerprint };
}

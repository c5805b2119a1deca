import type { ProfileFindingCode } from "../../certificate/certificate.ts";
import type { Rule } from "../rule.ts";

const codes: Readonly<Record<ProfileFindingCode, string>> = {
  "profile-serial-zero": "RFC 5280 §4.1.2.2",
  "profile-serial-negative": "RFC 5280 §4.1.2.2",
  "profile-serial-too-long": "RFC 5280 §4.1.2.2",
  "profile-explicit-default": "X.690 §11.5",
  "profile-explicit-v1": "X.690 §11.5",
  "profile-time-type": "RFC 5280 §4.1.2.5",
  "profile-ski-missing": "RFC 5280 §4.2.1.2",
  "profile-aki-missing": "RFC 5280 §4.2.1.1",
  "profile-aki-critical": "RFC 5280 §4.2.1.1",
  "profile-ski-critical": "RFC 5280 §4.2.1.2",
  "profile-basic-constraints-not-critical": "RFC 5280 §4.2.1.9",
  "profile-name-constraints-not-critical": "RFC 5280 §4.2.1.10",
  "profile-policy-constraints-not-critical": "RFC 5280 §4.2.1.11",
  "profile-empty-subject": "RFC 5280 §4.1.2.6",
  "profile-empty-issuer": "RFC 5280 §4.1.2.4",
  "profile-unique-identifier": "RFC 5280 §4.1.2.8",
  "profile-key-usage-empty": "RFC 5280 §4.2.1.3",
  "profile-named-bits": "X.690 §11.2.2",
  "profile-path-len-without-ca": "RFC 5280 §4.2.1.9",
  "profile-dns-name-control-character": "RFC 5280 §4.2.1.6",
};

/** What the parser noted about each certificate: real CAs deviate, so it is advice and never more. */
export const profileRules: readonly Rule[] = Object.entries(codes).map(([code, cites]) => ({
  code: code as ProfileFindingCode,
  cites,
  check: ({ members }) =>
    members.flatMap((member) =>
      member.certificate.findings
        .filter((finding) => finding.code === code)
        .slice(0, 1)
        .map(({ offset }) => ({ member, evidence: { offset } })),
    ),
}));

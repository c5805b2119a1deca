import { nodeCrypto } from "@tcm/node-crypto";
import type { Certificate } from "../../certificate/certificate.ts";
import { parseCertificate } from "../../certificate/parse-certificate.ts";
import { buildIssuerGraph } from "../../path/issuer-graph.ts";
import type { Evidence, Rule, RuleContext } from "../rule.ts";

/** A minted certificate, or DER that nobody signed. */
export type Sample = { readonly der: Uint8Array } | Uint8Array;

/** The day of `testPki()`. */
export const now = Date.parse("2026-06-01T00:00:00Z") / 1000;

/** What one rule observes about a set: positions, undefined for the set as a whole, and evidence. */
export function checkRule(
  rule: Rule,
  samples: readonly Sample[],
  {
    options,
    ...more
  }: Partial<Omit<RuleContext, "options">> & { readonly options?: Partial<RuleContext["options"]> } = {},
): readonly { readonly index: number | undefined; readonly evidence: Evidence }[] {
  const certificates = samples.map(parse);
  const context: RuleContext = {
    members: certificates.map((certificate, index) => ({ index, certificate })),
    graph: buildIssuerGraph(certificates, nodeCrypto),
    options: {
      requireRootCertificate: true,
      allowInsecureSha1: false,
      allowDuplicateCommonNames: false,
      ...options,
    },
    occasion: "create",
    now,
    sendsCaNames: false,
    ...more,
  };
  return rule.check(context).map(({ member, evidence }) => ({ index: member?.index, evidence }));
}

function parse(sample: Sample): Certificate {
  const parsed = parseCertificate(sample instanceof Uint8Array ? sample : sample.der, nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.certificate;
}

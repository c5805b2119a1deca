import { clientCertFields } from "./client-cert-fields.ts";
import type { ClientVerdict } from "../served/client-verdict.ts";
import {
  fieldsOf,
  foldFieldName,
  type GroupedFields,
  groupFields,
  hopByHopNames,
  type RawFields,
  valuesOf,
} from "./field-names.ts";
import type { Site } from "../served/site.ts";

/** What the edge says about a client that it let through without having to: `verdict=refused, code=expired`. */
const verdictField = "TCM-Client-Verdict";

/**
 * `Client-Cert` and what an upstream may have learned to believe behind another proxy: `X-Forwarded-Client-Cert` of Envoy,
 * `X-Forwarded-Tls-Client-Cert` of Traefik, `X-Amzn-Mtls-Clientcert`, and the `X-SSL-Client-…` that people configure.
 */
const identityName = /client-?cert|ssl-client|client-verify|^x-client-(?:cn|dn|subject)$/;

/** Said by the edge alone, so never taken from a client. */
const edgeOnly: ReadonlySet<string> = new Set([
  foldFieldName(verdictField),
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
  "host",
  "content-length",
  "expect",
]);

export type UpstreamRequest = {
  readonly rawHeaders: RawFields;
  readonly authority: string;
  readonly remoteAddress: string;
  readonly site: Pick<Site, "mode">;
  readonly verdict: ClientVerdict;
};

/** The fields of the request to the upstream: first everything is taken away that only the edge may say, then it says it. */
export function upstreamFields(request: UpstreamRequest): GroupedFields {
  const { rawHeaders, authority, remoteAddress, site, verdict } = request;
  const ends = hopByHopNames(rawHeaders);
  const passed = [...fieldsOf(rawHeaders)].filter(([name]) => {
    const folded = foldFieldName(name);
    return !edgeOnly.has(folded) && !identityName.test(folded) && !ends.has(folded);
  });
  return groupFields([
    ["Host", authority],
    ...passed,
    ...framing(rawHeaders),
    ["X-Forwarded-For", remoteAddress],
    ["X-Forwarded-Host", authority],
    ["X-Forwarded-Proto", "https"],
    ["Via", "1.1 tcm-edge"],
    ...(verdict.accepted ? clientCertFields(verdict.path) : []),
    ...(site.mode === "observe" ? [[verdictField, describeVerdict(verdict)] as const] : []),
  ]);
}

/** Node's parser has refused whatever has both, or either twice. */
function framing(rawHeaders: RawFields): readonly (readonly [string, string])[] {
  if (valuesOf(rawHeaders, "transfer-encoding").length > 0) return [["Transfer-Encoding", "chunked"]];
  return valuesOf(rawHeaders, "content-length").map((length) => ["Content-Length", length] as const);
}

/** A dictionary of tokens, RFC 8941 §3.2. */
function describeVerdict(verdict: ClientVerdict): string {
  return verdict.accepted ? "verdict=accepted" : `verdict=refused, code=${verdict.code}`;
}

/** What comes back from the upstream, without what was meant for the edge alone. */
export function downstreamFields(rawHeaders: RawFields): GroupedFields {
  const ends = hopByHopNames(rawHeaders);
  return groupFields([...fieldsOf(rawHeaders)].filter(([name]) => !ends.has(foldFieldName(name))));
}

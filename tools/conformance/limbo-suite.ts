import { type PathProfile, buildAnchorIndex, pathLimits, validatePath } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { type Case, type Outcome, type Suite, outcomeOf } from "./case.ts";
import { hardFail, pemBytes, readable, readPem } from "./certificates.ts";
import { bearsName, type PeerName } from "./server-name.ts";

/** As in limbo-schema.json of C2SP/x509-limbo; only what is used. */
export type LimboCase = {
  readonly id: string;
  readonly validation_kind: "CLIENT" | "SERVER";
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: "SUCCESS" | "FAILURE";
  readonly expected_peer_name: PeerName | null;
  readonly expected_peer_names: readonly PeerName[] | null;
  readonly max_chain_depth: number | null;
  readonly crls?: readonly string[] | null;
};

/** `client-applicable`, or why not. What only a server's host name decides is run all the same, with the name compared here. */
export type LimboClassification = Readonly<Record<string, string>>;

export function limboSuite(
  name: string,
  cases: readonly LimboCase[],
  classification: LimboClassification,
  profile: PathProfile,
): Suite {
  return {
    name: `${name} ${profile}`,
    floor: { passed: 1 },
    cases: cases.map((limbo) => toCase(limbo, classification[limbo.id], profile)),
  };
}

const counted: ReadonlySet<string | undefined> = new Set([undefined, "client-applicable", "host-name only"]);

function toCase(limbo: LimboCase, verdict: string | undefined, profile: PathProfile): Case {
  return {
    id: limbo.id,
    expected: limbo.expected_result === "SUCCESS" ? "accepted" : "refused",
    ...(!counted.has(verdict) && verdict !== undefined && { notApplicable: verdict }),
    run: () => (profile === "compat" ? runCompat(limbo) : runLimbo(limbo, profile)),
  };
}

/** What the compat profile lets pass is told apart by what the strict one says. */
function runCompat(limbo: LimboCase): Outcome {
  const outcome = runLimbo(limbo, "compat");
  if (outcome.verdict !== "accepted" || limbo.expected_result === "SUCCESS") return outcome;
  const { code } = runLimbo(limbo, "strict");
  return code === undefined ? outcome : { ...outcome, strictCode: code };
}

function runLimbo(limbo: LimboCase, profile: PathProfile): Outcome {
  const leaf = readPem(limbo.peer_certificate);
  if ("problem" in leaf) return { verdict: "refused", code: leaf.problem, index: 0 };
  const revocation = hardFail((limbo.crls ?? []).map(pemBytes));
  const result = validatePath({
    presented: [leaf.certificate, ...readable(limbo.untrusted_intermediates.map(readPem))],
    anchors: buildAnchorIndex(readable(limbo.trusted_certs.map(readPem))),
    time: Math.floor((limbo.validation_time === null ? Date.now() : Date.parse(limbo.validation_time)) / 1000),
    purpose: limbo.validation_kind === "CLIENT" ? "clientAuth" : "serverAuth",
    profile,
    ...(typeof limbo.max_chain_depth === "number" && { maxPathLength: limbo.max_chain_depth }),
    ...(revocation && { revocation }),
    limits: pathLimits,
    crypto: nodeCrypto,
  });
  const outcome = outcomeOf(result);
  const wanted = [limbo.expected_peer_name ?? [], limbo.expected_peer_names ?? []].flat();
  if (outcome.verdict !== "accepted" || wanted.every((name) => bearsName(leaf.certificate, name))) return outcome;
  return { verdict: "refused", code: "server-name-mismatch", index: 0 };
}

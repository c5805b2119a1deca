import type { VersionView } from "@tcm/api-contract";
import {
  buildIssuerGraph,
  type CaSetOptions,
  type Certificate,
  formatName,
  type Network,
  type RemovalEffect,
  removalEffect,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { activeVersion, hasFailed, stoppedOnFirstNode } from "../deployment/list-activations.ts";
import { parseCertificates } from "../verify/read-certificates.ts";
import type { ActualCaSet } from "./actual-state.ts";
import type { DesiredCaSet } from "./desired-state.ts";
import type { Step } from "./plan.ts";
import { isEqual, optionNames } from "./version-equality.ts";

/** What makes a set what the document says: contents first, then every network that is not there yet. */
export function planCaSet(set: DesiredCaSet, actual: ActualCaSet | undefined): readonly Step[] {
  if (actual === undefined)
    return [
      { kind: "create-set", set },
      compare(set, undefined),
      ...set.networks.map((network) => activation(set, undefined, network, undefined)),
    ];
  // Several after a clone: the one that is active somewhere is meant, else the newest.
  const equal = actual.versions.filter((version) => isEqual(set, version)).map(({ version }) => version);
  const { stagingVersion, productionVersion } = actual.caSet;
  const chosen = equal.find((version) => version === productionVersion || version === stagingVersion) ?? equal[0];
  const contents = chosen === undefined ? [compare(set, baseOf(actual))] : [];
  const deployments = set.networks.flatMap((network) => planNetwork(set, actual, network, { equal, chosen }));
  return [...contents, ...deployments];
}

type Candidates = { readonly equal: readonly number[]; readonly chosen: number | undefined };

function planNetwork(
  set: DesiredCaSet,
  { caSet, versions, activations }: ActualCaSet,
  network: Network,
  { equal, chosen }: Candidates,
): readonly Step[] {
  const active = activeVersion(caSet, network);
  const under = activations.find((one) => one.network === network && one.activationStatus === "IN_PROGRESS");
  if (under?.activationType === "ACTIVATE" && equal.includes(under.version))
    return [{ kind: "follow", activation: under }];
  const serving = versions.find(({ version }) => version === active);
  const isActive = active !== null && equal.includes(active);
  // What is active may be on its way out, or not be everywhere yet: then it has to be said again what should be there.
  if (isActive && under === undefined && !hasFailed(active, network, activations)) return [];
  const version = isActive ? active : chosen;
  // Every node would be told at once what one node was asked about first.
  const by = stoppedOnFirstNode(
    network,
    activations,
    (one) => one.activationType === "ACTIVATE" && equal.includes(one.version),
  );
  if (by !== undefined) return [{ kind: "stopped", network, name: set.name, version, by }];
  return [activation(set, serving, network, version)];
}

function activation(
  set: DesiredCaSet,
  serving: VersionView | undefined,
  network: Network,
  version: number | undefined,
): Step {
  const effect = effectOf(serving, set.certificates);
  return { kind: "activate", set, network, version, from: serving?.version ?? null, effect };
}

/** What people compare with: what production serves, else what staging does, else the latest. */
function baseOf({ caSet, versions }: ActualCaSet): VersionView | undefined {
  const number = caSet.productionVersion ?? caSet.stagingVersion ?? caSet.latestVersion;
  return versions.find(({ version }) => version === number);
}

function compare(set: DesiredCaSet, base: VersionView | undefined): Step {
  const before = base?.certificates ?? [];
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  const wanted = new Set(set.certificates.map(({ fingerprint }) => fingerprint));
  const added = set.certificates.filter(({ fingerprint }) => !known.has(fingerprint));
  return {
    kind: "create-version",
    set,
    against: base?.version,
    added: added.map(({ subject, fingerprint }) => ({ subject: formatName(subject), fingerprint })),
    removed: before
      .filter(({ fingerprint }) => !wanted.has(fingerprint))
      .map(({ subject, fingerprint }) => ({ subject, fingerprint })),
    keptCount: set.certificates.length - added.length,
    options: base === undefined ? [] : changedOptions(base, set.options),
  };
}

function changedOptions(from: CaSetOptions, to: CaSetOptions) {
  return optionNames
    .filter((option) => from[option] !== to[option])
    .map((option) => ({ option, from: from[option], to: to[option] }));
}

/** Who would really lose access: a CA is a name and a key, and others may stand above it. */
function effectOf(serving: VersionView | undefined, wanted: readonly Certificate[]): RemovalEffect {
  const text = (serving?.certificates ?? []).map(({ certificatePem }) => certificatePem).join("\n");
  if (serving === undefined || text === "") return { removed: [], stillTrusted: [] };
  const after = new Map(wanted.map((certificate) => [certificate.fingerprint, certificate]));
  const before = parseCertificates([{ name: `${serving.caSetName}@${serving.version}`, text }]).certificates.map(
    (certificate) => after.get(certificate.fingerprint) ?? certificate,
  );
  const graph = buildIssuerGraph([...new Set([...before, ...wanted])], nodeCrypto);
  return removalEffect(before, wanted, graph);
}

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
import { activeVersion } from "../deployment/list-activations.ts";
import { parseCertificates } from "../verify/read-certificates.ts";
import type { ActualCaSet } from "./actual-state.ts";
import type { DesiredCaSet } from "./desired-state.ts";
import type { Step } from "./plan.ts";

const optionNames = ["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"] as const;

/** What makes a set what the document says: contents first, then every network that is not there yet. */
export function planCaSet(set: DesiredCaSet, actual: ActualCaSet | undefined): readonly Step[] {
  if (actual === undefined)
    return [{ kind: "create-set", set }, compare(set, undefined), ...activations(set, undefined, undefined)];
  const equal = actual.versions.find((version) => isEqual(set, version));
  const contents = equal === undefined ? [compare(set, baseOf(actual))] : [];
  return [...contents, ...activations(set, actual, equal?.version)];
}

/** As the server tells versions apart: the same certificates in whatever order, under the same options. */
function isEqual({ certificates, options }: DesiredCaSet, version: VersionView): boolean {
  const present = new Set((version.certificates ?? []).map(({ fingerprint }) => fingerprint));
  return (
    optionNames.every((name) => options[name] === version[name]) &&
    present.size === certificates.length &&
    certificates.every(({ fingerprint }) => present.has(fingerprint))
  );
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

function activations(set: DesiredCaSet, actual: ActualCaSet | undefined, version: number | undefined): readonly Step[] {
  return set.networks.flatMap((network): readonly Step[] => {
    const from = actual === undefined ? null : activeVersion(actual.caSet, network);
    if (version !== undefined && from === version && !isLeaving(actual, network)) return [];
    const under = actual?.running.find((one) => one.network === network && one.version === version);
    if (under?.activationType === "ACTIVATE") return [{ kind: "follow", activation: under }];
    const serving = actual?.versions.find((one) => one.version === from);
    return [{ kind: "activate", name: set.name, network, version, from, effect: effectOf(serving, set.certificates) }];
  });
}

/** What is active now may be on its way out, or about to be replaced: then it has to be said again what should be there. */
function isLeaving(actual: ActualCaSet | undefined, network: Network): boolean {
  return actual?.running.some((one) => one.network === network) === true;
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

import type { EdgeCertificateView } from "@tcm/api-contract";
import { type Network, trustOpenings } from "@tcm/core";
import { activeVersion } from "../deployment/list-activations.ts";
import type { ActualState } from "./actual-state.ts";
import type { DesiredEdgeCertificate, DesiredState } from "./desired-state.ts";
import type { Plan, Step } from "./plan.ts";
import { planCaSet } from "./plan-ca-set.ts";
import { refuse } from "./read-document.ts";

const networks = ["STAGING", "PRODUCTION"] as const;

/**
 * What has to be done so that the control plane is as the document says. What the document does not mention stays, unless it is
 * to be pruned. Pure; throws a usage failure for what can never be carried out.
 */
export function planChanges(desired: DesiredState, actual: ActualState, isPruning: boolean): Plan {
  const sets = desired.caSets.flatMap((set) => planCaSet(set, actual.caSets.get(set.name)));
  const edges = desired.edgeCertificates.flatMap((edge) => planEdge(edge, actual.edgeCertificates));
  refuseUnbindable(desired, actual);
  const steps = [
    ...describe(desired, actual),
    ...sets.filter(({ kind }) => kind === "create-set" || kind === "create-version"),
    ...networks.flatMap((network) => sets.filter((step) => networkOfStep(step) === network)),
    ...edges,
    ...(isPruning ? prune(desired, actual) : []),
  ];
  return { steps };
}

function networkOfStep(step: Step): Network | undefined {
  if (step.kind === "follow") return step.activation.network;
  return step.kind === "activate" || step.kind === "stopped" ? step.network : undefined;
}

/** An edge certificate is known by its hostnames: the one that has any of them. */
function planEdge(edge: DesiredEdgeCertificate, present: readonly EdgeCertificateView[]): readonly Step[] {
  const [found, other] = holders(edge, present);
  if (found === undefined) return [{ kind: "create-edge", edge, openings: trustOpenings(undefined, edge, new Map()) }];
  const { edgeCertificateId } = found;
  if (other !== undefined)
    throw refuse([
      `${edge.hostnames.join(", ")}: edge certificates ${edgeCertificateId} and ${other.edgeCertificateId} share these hostnames. Delete one of them first.`,
    ]);
  const changes = differences(edge, found);
  const openings = trustOpenings(guardedBy(found), edge, watchedBeside(found, present));
  return changes.length === 0 ? [] : [{ kind: "change-edge", edgeCertificateId, edge, changes, openings }];
}

function guardedBy({ hostnames, clientAuthentication: { mode } }: EdgeCertificateView) {
  return { hostnames, mode };
}

/** What others only observe. */
function watchedBeside(one: EdgeCertificateView, present: readonly EdgeCertificateView[]) {
  const watching = present.filter((other) => other !== one && other.clientAuthentication.mode === "observe");
  return new Map(
    watching.flatMap(({ hostnames, edgeCertificateId }) => hostnames.map((name) => [name, edgeCertificateId] as const)),
  );
}

function holders({ hostnames }: DesiredEdgeCertificate, present: readonly EdgeCertificateView[]) {
  return present.filter((one) => one.hostnames.some((name) => hostnames.includes(name)));
}

function differences(edge: DesiredEdgeCertificate, { hostnames, clientAuthentication: now }: EdgeCertificateView) {
  const pairs = [
    ["hostnames", [...hostnames].sort().join(", "), edge.hostnames.join(", ")],
    ["caSet", now.caSetName, edge.caSet],
    ["mode", now.mode, edge.mode],
    ["sendCaListToClient", String(now.sendCaListToClient), String(edge.sendCaListToClient)],
  ] as const;
  return pairs.filter(([, from, to]) => from !== to).map(([name, from, to]) => `${name}: ${from} becomes ${to}`);
}

/** Before anything is begun: hostnames are bound to a set that both networks serve, and the last steps would fail. */
function refuseUnbindable({ caSets, edgeCertificates }: DesiredState, actual: ActualState): void {
  const lines = edgeCertificates.flatMap(({ hostnames, caSet: name }) => {
    const desired = caSets.find((set) => set.name === name);
    const present = actual.caSets.get(name)?.caSet;
    const missing = networks.filter(
      (network) =>
        desired?.networks.includes(network) !== true &&
        (present === undefined || activeVersion(present, network) === null),
    );
    if (missing.length === 0) return [];
    const where = missing.join(" and ").toLowerCase();
    return [`${hostnames.join(", ")}: CA set "${name}" is not active on ${where}. Add the networks to the set.`];
  });
  if (lines.length > 0) throw refuse(lines);
}

/** Everything that the document does not mention, in the order in which it can go. */
function prune({ caSets, edgeCertificates }: DesiredState, actual: ActualState): readonly Step[] {
  const names = new Set(caSets.map(({ name }) => name));
  const known = new Set(edgeCertificates.flatMap((edge) => holders(edge, actual.edgeCertificates)));
  const edges = actual.edgeCertificates
    .filter((one) => !known.has(one))
    .map((one): Step => {
      const openings = trustOpenings(guardedBy(one), undefined, watchedBeside(one, actual.edgeCertificates));
      return { kind: "delete-edge", edgeCertificateId: one.edgeCertificateId, hostnames: one.hostnames, openings };
    });
  const bound = new Set(edgeCertificates.map(({ caSet }) => caSet));
  const gone = [...actual.caSets].filter(([name]) => !names.has(name) && !bound.has(name));
  const deactivations = networks
    .toReversed()
    .flatMap((network) =>
      gone.flatMap(([name, { caSet }]) => deactivation(name, network, activeVersion(caSet, network))),
    );
  const unwanted = caSets.flatMap(({ name, networks: wanted }) => {
    const present = actual.caSets.get(name)?.caSet;
    if (present === undefined) return [];
    const left = networks.filter((network) => !wanted.includes(network));
    return bound.has(name)
      ? []
      : left.flatMap((network) => deactivation(name, network, activeVersion(present, network)));
  });
  return [...edges, ...unwanted, ...deactivations, ...gone.map(([name]): Step => ({ kind: "delete-set", name }))];
}

function deactivation(name: string, network: Network, version: number | null): readonly Step[] {
  return version === null ? [] : [{ kind: "deactivate", name, network, version }];
}

/** A description that the document leaves out stays. */
function describe({ caSets }: DesiredState, actual: ActualState): readonly Step[] {
  return caSets.flatMap(({ name, description: to }): readonly Step[] => {
    const present = actual.caSets.get(name)?.caSet;
    if (present === undefined || to === undefined || present.description === to) return [];
    return [{ kind: "describe-set", name, from: present.description, to }];
  });
}

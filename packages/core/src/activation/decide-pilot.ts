import type { Activation, ExpectedNode, UnixMillis } from "./activation.ts";
import { type ActivationDecision, decideActivation, isDone, wordsOf } from "./decide-activation.ts";

/** How an activation goes out: to every node at once, or to one node, the pilot, and to the rest when that has shown what it does. */
export type Strategy = "ALL_AT_ONCE" | "ONE_NODE_FIRST";

/** Of an activation with one node first. */
export type Pilot = {
  readonly nodeId: string;
  /** How long the pilot is watched after it has proved the change. */
  readonly observationMs: number;
  /** Since when it has proved it; undefined: not yet. */
  readonly provedAt: UnixMillis | undefined;
  /** The rest have been told. */
  readonly isReleased: boolean;
  /** Clients refused since the beginning, whose CA this change removed. */
  readonly refusals: number;
  /** Clients refused that name such a CA, and of whom nobody knows whether it would have let them in. */
  readonly unknownRefusals: number;
  /** The nodes whose word that is, those that name most first. */
  readonly saidBy: readonly string[];
  /** More were refused than could be told apart: nobody knows that they are few. */
  readonly isUncounted: boolean;
  /** More than so many, and the change is not carried on. */
  readonly maxRefusals: number;
};

export type PilotDecision =
  | ActivationDecision
  /** The pilot has proved it: its time of observation begins. */
  | { readonly next: "observe" }
  /** Every other node is told. */
  | { readonly next: "release" }
  /** The pilot was taken out of the count: this node goes first in its place. */
  | { readonly next: "replace-pilot"; readonly nodeId: string }
  /** The rest are never told; the pilot keeps what it has, since what was distrusted is not put back by itself. */
  | { readonly next: "fail-and-stop"; readonly reason: string };

/** Pure, as `decideActivation`; after `observe`, `release` and `replace-pilot` it is asked again. */
export function decidePilot(
  activation: Activation,
  pilot: Pilot,
  nodes: readonly ExpectedNode[],
  now: UnixMillis,
): PilotDecision {
  if (pilot.isUncounted || pilot.refusals + pilot.unknownRefusals > pilot.maxRefusals)
    return abort(activation, pilot, refusalReason(pilot));
  if (pilot.isReleased) return decideActivation(activation, nodes, now);
  const counted = nodes.filter(({ isExcluded }) => !isExcluded);
  const first = counted.find(({ nodeId }) => nodeId === pilot.nodeId);
  if (first === undefined) return goOnWithout(counted);
  if (first.state === "rejected") return abort(activation, pilot, `Rejected by ${first.nodeId}: ${wordsOf(first)}.`);
  if (pilot.provedAt !== undefined && now >= pilot.provedAt + pilot.observationMs) return { next: "release" };
  if (now >= activation.deadline)
    return abort(activation, pilot, `Not proved before the deadline on ${first.nodeId} (${first.state}).`);
  return pilot.provedAt === undefined && isDone(first) ? { next: "observe" } : { next: "wait" };
}

/** Without anybody to go first there is nobody to wait for either. */
function goOnWithout(counted: readonly ExpectedNode[]): PilotDecision {
  const nodeId = choosePilot(counted.map((node) => ({ ...node, isConnected: node.state !== "expected" })));
  return nodeId === undefined ? { next: "release" } : { next: "replace-pilot", nodeId };
}

/** What one node could not take is not given to the others; a removal stays where it is, and goes no further. */
function abort({ removesTrustOnly, isInForce }: Activation, { isReleased }: Pilot, why: string): PilotDecision {
  if (!removesTrustOnly)
    return { next: "fail-and-restore", reason: `${why} The previous content is being deployed again.` };
  if (isReleased) return { next: "fail-and-keep", reason: `${why} The change only removes trust and stays in force.` };
  // The others may still be told what it took the place of, which is in force nowhere.
  if (isInForce === true)
    return { next: "fail-and-restore", reason: `${why} The version is in force, and is being deployed to every node.` };
  return {
    next: "fail-and-stop",
    reason: `${why} The other nodes were not told. The change only removes trust and stays on the first node until something else is deployed.`,
  };
}

/** A node may say what is not so: who reads this has to know whose word it was, and that it can be left out. */
function refusalReason(pilot: Pilot): string {
  const { saidBy } = pilot;
  const clients = refusedClients(pilot);
  if (saidBy.length === 0) return `${clients}.`;
  const [node, drained] = saidBy.length === 1 ? ["this node", "it"] : ["these nodes", "the wrong one"];
  return `${clients}, by the word of ${listed(saidBy)}. If ${node} cannot be believed, drain ${drained}, and deploy again: then its word does not count.`;
}

/** Strangers are not said to be clients: that sends somebody to look for a partner that there is not. */
function refusedClients({ refusals, unknownRefusals, maxRefusals, isUncounted }: Pilot): string {
  if (isUncounted)
    return `More clients that name a CA which this change removed were refused than could be told apart (at most ${maxRefusals} may be)`;
  const known = `${refused(refusals)} whose CA this change removed ${refusals === 1 ? "was" : "were"} refused`;
  if (unknownRefusals === 0) return `${known}, of at most ${maxRefusals}`;
  const others = `${refused(unknownRefusals)} that ${unknownRefusals === 1 ? "names" : "name"} a CA which this change removed could not be told from strangers`;
  return `${refusals === 0 ? others : `${known}, and ${others}`} (at most ${maxRefusals} may be refused)`;
}

function refused(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}

const mostNamed = 3;

function listed(nodeIds: readonly string[]): string {
  const named = nodeIds.slice(0, mostNamed).join(", ");
  return nodeIds.length > mostNamed ? `${named} and ${nodeIds.length - mostNamed} more` : named;
}

/** The connected node with the smallest id; of none connected, of all. The same fleet has the same pilot. */
export function choosePilot(
  nodes: readonly { readonly nodeId: string; readonly isConnected: boolean }[],
): string | undefined {
  const connected = nodes.filter(({ isConnected }) => isConnected);
  const [first] = (connected.length > 0 ? connected : nodes).map(({ nodeId }) => nodeId).toSorted();
  return first;
}

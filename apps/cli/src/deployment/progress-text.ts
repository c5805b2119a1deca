import type { ActivationNodesView, ActivationView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { count } from "../output/count.ts";
import { duration } from "../output/date.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import type { Progress } from "./await-activation.ts";
import { networkName } from "./network-option.ts";

type Node = ActivationNodesView["nodes"][number];

/** A screen holds about this many. */
const maxNodesShown = 20;
const barLength = 20;

/** What is happening where: `staging     activate partners@2`. */
export function renderSubject({ network, activationType, caSetName, version }: ActivationView): string {
  const verb = activationType === "ACTIVATE" ? "activate" : "deactivate";
  return `${networkName[network].padEnd(10)}  ${verb} ${escapeText(caSetName)}@${version}`;
}

/** The block that is rewritten in place: a bar, and the nodes that are not there yet, first. */
export function renderLiveProgress({ activation, nodes }: Progress, columns: number): readonly string[] {
  const percentComplete = percentOf(activation, nodes);
  const filled = Math.floor((percentComplete * barLength) / 100);
  const bar = "█".repeat(filled) + "░".repeat(barLength - filled);
  const ordered = [...nodes].sort((a, b) => Number(isThere(a)) - Number(isThere(b)));
  const lines = ordered.slice(0, maxNodesShown).map((node) => `  ${describeNode(node)}`);
  const more = nodes.length - maxNodesShown;
  if (more > 0) lines.push(`  and ${count(more, "node")} more`);
  return [`${renderSubject(activation)}  ${bar} ${percentComplete} %`, ...lines].map((line) => cut(line, columns));
}

/** How far it is, with every node; in full, for looking at once. */
export function renderProgress({ activation, nodes }: Progress): string {
  const head = `${renderSubject(activation)}  ${countProofs(nodes)}\n`;
  return `${head}${nodes.map((node) => `  ${describeNode(node)}\n`).join("")}`;
}

/** One line for each node whose state changed since `before`: for logs and pipes. */
export function renderChanges(before: Progress | undefined, { activation, nodes }: Progress): readonly string[] {
  const known = new Map(before?.nodes.map((node) => [node.nodeId, node.state]));
  return nodes
    .filter(({ nodeId, state }) => known.get(nodeId) !== state)
    .map((node) => `${renderSubject(activation)}  ${percentOf(activation, nodes)} %  ${describeNode(node)}`);
}

/** How it ended, or that it has not; then the nodes that are behind, with their words. */
export function renderEnd({ activation, nodes }: Progress, tookMs: number, terminal: Pick<Terminal, "colour">): string {
  const { activationStatus, failureReason } = activation;
  const subject = renderSubject(activation);
  const proved = countProofs(nodes);
  if (activationStatus === "COMPLETE")
    return `${subject}  ${styled(terminal, "green", "COMPLETE")} in ${duration(tookMs)}, ${proved}\n`;
  const behind = nodes.filter((node) => !isThere(node));
  const listed = behind.slice(0, maxNodesShown).map((node) => `  ${describeNode(node)}\n`);
  const more = behind.length > maxNodesShown ? `  and ${count(behind.length - maxNodesShown, "node")} more\n` : "";
  const word = activationStatus === "FAILED" ? styled(terminal, "red", "FAILED") : "still IN_PROGRESS";
  const reason = failureReason === null ? "" : `  ${escapeText(failureReason)}\n`;
  return `${subject}  ${word} after ${duration(tookMs)}, ${proved}\n${reason}${listed.join("")}${more}`;
}

/** The activation was read before its nodes, which are further by now; without nodes it says it alone. */
function percentOf({ percentComplete }: ActivationView, nodes: Progress["nodes"]): number {
  const counted = nodes.filter(({ excludedDate }) => excludedDate === null);
  if (counted.length === 0) return percentComplete;
  return Math.floor((counted.filter(isThere).length * 100) / counted.length);
}

/** A node that was excluded proved nothing, and is said to be. */
function countProofs(nodes: Progress["nodes"]): string {
  if (nodes.length === 0) return "no node on this network";
  const counted = nodes.filter(({ excludedDate }) => excludedDate === null);
  const excluded = nodes.length - counted.length;
  const proved = `${counted.filter(isThere).length} of ${count(counted.length, "node")} proved it`;
  return excluded === 0 ? proved : `${proved}, ${excluded} excluded`;
}

function describeNode({ nodeId, state, requiredLevel, code, detail, excludedBy, goesFirst }: Node): string {
  const excluded = excludedBy === null ? "" : `, excluded by ${excludedBy}`;
  const first = goesFirst === true ? ", goes first" : "";
  const until = state === requiredLevel || state === "rejected" ? "" : ` (to be ${requiredLevel})`;
  const words = [code, detail].filter((word) => word !== null).join(": ");
  return escapeText(`${nodeId}  ${state}${until}${first}${excluded}${words === "" ? "" : `  ${words}`}`);
}

/** Verified is more than applied, and enough where applied is all that an engine can show. */
function isThere({ state, requiredLevel, excludedDate }: Node): boolean {
  return excludedDate !== null || state === requiredLevel || state === "verified";
}

function cut(line: string, columns: number): string {
  const characters = Array.from(line);
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join("")}…`;
}

import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { consoleWords } from "../text/console-words.ts";
import type { Mark, NetworkHistory, Span } from "./network-history.ts";

/** One line of the table that says the same as the picture. */
export type HistoryRow = {
  readonly key: string;
  readonly network: Network;
  readonly kind: "served" | "failed" | "running";
  /** "version 2", or "withdrawal of version 2". */
  readonly what: string;
  /** What the label and the times leave open. */
  readonly detail: string;
  readonly from: string;
  /** Of what was served: until when. */
  readonly until: string | undefined;
  readonly activation: ActivationView;
};

/** The newest first. Pure. */
export function historyRows(histories: readonly NetworkHistory[]): readonly HistoryRow[] {
  return histories
    .flatMap(({ spans, marks }) => [...spans.map(spanRow), ...marks.map(markRow)])
    .toSorted((a, b) => b.from.localeCompare(a.from));
}

function spanRow({ kind, network, version, fromMs, untilMs, activation }: Span): HistoryRow {
  return {
    key: `served ${network} ${fromMs}`,
    network,
    kind,
    what: `version ${version}`,
    detail: "",
    from: new Date(fromMs).toISOString(),
    until: untilMs === undefined ? "now" : new Date(untilMs).toISOString(),
    activation,
  };
}

function markRow({ kind, network, atMs, activation }: Mark): HistoryRow {
  const from = new Date(atMs).toISOString();
  return {
    key: `${kind} ${activation.activationId}`,
    network,
    kind,
    what: whatOf(activation),
    detail: howOf(activation),
    from,
    until: undefined,
    activation,
  };
}

/** "version 2 failed. Rejected by a." Pure. */
export function markText(activation: ActivationView): string {
  const [what, how] = [whatOf(activation), howOf(activation)];
  return activation.activationStatus === "IN_PROGRESS"
    ? `${what} is on its way: ${how}`
    : `${what} failed. ${how}`.trim();
}

function whatOf({ activationType, version }: ActivationView): string {
  return activationType === "ACTIVATE" ? `version ${version}` : `withdrawal of version ${version}`;
}

/** How far it is, or why it went no further. */
function howOf({ activationStatus, failureReason, percentComplete }: ActivationView): string {
  return activationStatus === "IN_PROGRESS" ? `${percentComplete} %` : consoleWords(failureReason ?? "");
}

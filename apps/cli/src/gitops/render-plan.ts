import { describeTrustOpening, escapeText, type RemovalEffect, type TrustOpening } from "@tcm/core";
import { wasStopped, whyStopped } from "./stopped-text.ts";
import { networkName } from "../deployment/network-option.ts";
import { count } from "../output/count.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import type { CertificateLine, Plan, Step } from "./plan.ts";

type Style = Pick<Terminal, "colour">;

/** Every step in its order with what it changes: `+` comes, `-` goes, `~` changes, `!` is worth a second look. */
export function renderPlan({ steps }: Plan, terminal: Style): string {
  const lines = steps.flatMap((step, i) => [
    `${i + 1}. ${stepTitle(step)}`,
    ...stepDetails(step).map((line) => `   ${line}`),
  ]);
  return lines.map((line) => `${paint(escapeText(line), terminal)}\n`).join("");
}

export function stepTitle(step: Step): string {
  switch (step.kind) {
    case "create-set":
      return `create CA set ${step.set.name}`;
    case "create-version": {
      const against = step.against === undefined ? "" : ` (against version ${step.against})`;
      const { added, removed, keptCount } = step;
      return `create a version of ${step.set.name}: ${added.length} added, ${removed.length} removed, ${keptCount} kept${against}`;
    }
    case "activate": {
      const { network, version, from } = step;
      const { name } = step.set;
      const place = from === null ? "" : from === version ? " again" : ` in place of ${name}@${from}`;
      return `${networkName[network]}: activate ${name}@${version ?? "new"}${place}`;
    }
    case "follow": {
      const { network, caSetName, version } = step.activation;
      return `${networkName[network]}: wait for ${caSetName}@${version}, which is on its way`;
    }
    case "stopped":
      return `${networkName[step.network]}: ${step.name}@${step.version ?? "new"} is not activated, since ${wasStopped(step.by)}`;
    case "create-edge":
      return `bind ${step.edge.hostnames.join(", ")} to ${step.edge.caSet} (${step.edge.mode})`;
    case "change-edge":
      return `change edge certificate ${step.edgeCertificateId}: ${step.edge.hostnames.join(", ")}`;
    case "delete-edge":
      return `delete edge certificate ${step.edgeCertificateId}: ${step.hostnames.join(", ")}`;
    case "deactivate":
      return `${networkName[step.network]}: deactivate ${step.name}@${step.version}`;
    case "describe-set":
      return `describe CA set ${step.name}`;
    case "delete-set":
      return `delete CA set ${step.name}`;
  }
}

function stepDetails(step: Step): readonly string[] {
  switch (step.kind) {
    case "create-version":
      return [
        ...step.added.map((line) => `+ ${describe(line)}`),
        ...step.removed.map((line) => `- ${describe(line)}`),
        ...step.options.map(({ option, from, to }) => `~ ${option}: ${from} becomes ${to}`),
      ];
    case "activate":
      return describeEffect(step.effect);
    case "stopped":
      return whyStopped(step.by).map((line) => `! ${line}`);
    case "describe-set":
      return [`~ description: ${step.from ?? "none"} becomes ${step.to}`];
    case "create-edge":
    case "delete-edge":
      return openings(step);
    case "change-edge":
      return [...step.changes.map((change) => `~ ${change}`), ...openings(step)];
    default:
      return [];
  }
}

function openings(step: { readonly openings: readonly TrustOpening[] }): readonly string[] {
  return step.openings.map((opening) => `! ${describeTrustOpening(opening)}`);
}

function describe({ subject, fingerprint }: CertificateLine): string {
  return `${subject === "" ? "(no subject)" : subject}  [SHA-256 ${fingerprint}]`;
}

function describeEffect({ removed, stillTrusted }: RemovalEffect): readonly string[] {
  return [
    ...removed.map((line) => `! clients of ${describe(line)} lose access`),
    ...stillTrusted.map(
      (line) => `! clients of ${describe(line)} are still let in, by ${count(line.by.length, "member")}`,
    ),
  ];
}

const styles: Readonly<Record<string, "green" | "red" | "yellow">> = {
  "+": "green",
  "-": "red",
  "~": "yellow",
  "!": "yellow",
};

function paint(line: string, terminal: Style): string {
  const style = styles[line.trimStart()[0] ?? ""];
  return style === undefined ? line : styled(terminal, style, line);
}

/** `3 changes, 1 of them taking something away, opening trust for 2 hostnames`. */
export function summarise({ steps }: Plan): string {
  const gone = steps.filter(({ kind }) => kind.startsWith("de") && kind !== "describe-set").length;
  const opened = steps.reduce((sum, step) => sum + ("openings" in step ? step.openings.length : 0), 0);
  const parts = [
    count(steps.length, "change"),
    ...(gone === 0 ? [] : [`${gone} of them taking something away`]),
    ...(opened === 0 ? [] : [`opening trust for ${count(opened, "hostname")}`]),
  ];
  return parts.join(", ");
}

import { setTimeout as delay } from "node:timers/promises";
import type { ActivationView, ActivityListView, DeletionStatusView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { findCaSet, parseVersionReference } from "../client/find-ca-set.ts";
import { given } from "../client/given.ts";
import type { CommandContext } from "../command-context.ts";
import { checkTimeout, defaultTimeoutSeconds, readTimeout } from "../deployment/follow-activation.ts";
import { networkName } from "../deployment/network-option.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

/** What is recorded about a CA set, and its end: below `tcm sets`. */
export function addSetRecords(sets: Command, context: CommandContext): void {
  const add = (name: string, words: string): Command =>
    addServerOptions(sets.command(name).description(words)).argument("<name>", "CA set by name or id");

  add("activities", "Shows who did what with a CA set, newest first.")
    .option("--since <iso>", "from this date and time on, with its offset")
    .option("--until <iso>", "up to this date and time")
    .action(async (name: string, options: ServerOptions & { readonly since?: string; readonly until?: string }) => {
      const client = clientOf(options, context);
      const query = { start: options.since, end: options.until };
      const body = await client.call("listActivities", { params: await findCaSet(client, name), query: given(query) });
      print(context, options, body, () => renderTable(body.activities, activityColumns, "Nothing happened then."));
    });

  add("activations", "Lists every deployment of a CA set, newest first.").action(
    async (name: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const body = await client.call("listSetActivations", { params: await findCaSet(client, name) });
      print(context, options, body, () => renderActivationTable(body.activations));
    },
  );

  add("associations", "Lists the edge certificates that use a CA set.").action(
    async (name: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const body = await client.call("listAssociations", { params: await findCaSet(client, name) });
      const lines = (body.associations.enrollments ?? []).map(({ enrollmentId, cn }) => `${enrollmentId}  ${cn}`);
      const words = lines.map((line) => `${escapeText(line)}\n`).join("");
      print(context, options, body, () => (words === "" ? "Nothing uses it.\n" : words));
    },
  );

  addServerOptions(sets.command("clone").description("Makes a new CA set with the certificates of a version."))
    .argument("<name[@version]>", "CA set by name or id; without a version, its latest")
    .argument("<new-name>", "3 to 64 letters, digits and _ - . %")
    .option("--description <text>", "what it is for")
    .action(async (reference: string, caSetName: string, options: ServerOptions & { description?: string }) => {
      const client = clientOf(options, context);
      const { caSet: name, version } = parseVersionReference(reference);
      const caSet = await client.call("cloneCaSet", {
        params: await findCaSet(client, name),
        query: version === undefined ? {} : { cloneFromVersion: version },
        body: { caSetName, ...(options.description !== undefined && { description: options.description }) },
      });
      print(context, options, caSet, () => `CA set ${caSet.caSetId} "${escapeText(caSet.caSetName)}" created.\n`);
    });

  addDeletion(add, context);
}

type DeleteOptions = ServerOptions & { readonly wait?: true; readonly timeout: string };

function addDeletion(add: (name: string, words: string) => Command, context: CommandContext): void {
  add("delete", "Deletes a CA set that is active nowhere. It can be looked at by its id for 30 days.")
    .option("--wait", "wait until the nodes of both networks have proved it")
    .option("--timeout <seconds>", "how long to wait", checkTimeout, defaultTimeoutSeconds)
    .action(async (name: string, options: DeleteOptions) => {
      const until = options.wait ? context.now() + readTimeout(options.timeout) * 1000 : 0;
      const client = clientOf(options, context);
      const { caSetId } = await findCaSet(client, name);
      await client.call("deleteCaSet", { params: { caSetId } });
      const status = await readDeletion(client, caSetId, until, context.now);
      print(context, options, status, () => renderDeletion(status));
      if (status.status === "FAILED") context.endWith(exitCode.refused);
      else if (options.wait && status.status === "IN_PROGRESS") context.endWith(exitCode.undetermined);
    });

  add("deletion", "Shows how far the deletion of a CA set is. When it is complete, the set is found by its id.").action(
    async (name: string, options: ServerOptions) => {
      const client = clientOf(options, context);
      const { caSetId } = await findCaSet(client, name);
      const status = await client.call("getDeletionStatus", { params: { caSetId } });
      print(context, options, status, () => renderDeletion(status));
    },
  );
}

const pollMs = 200;

/** Asks until it has ended, or until `until` (milliseconds since 1970); once at least. */
async function readDeletion(
  client: ApiClient,
  caSetId: string,
  until: number,
  now: () => number,
): Promise<DeletionStatusView> {
  for (;;) {
    const status = await client.call("getDeletionStatus", { params: { caSetId } });
    if (status.status !== "IN_PROGRESS" || now() >= until) return status;
    await delay(pollMs);
  }
}

function renderDeletion({ caSetId, caSetName, status, deletions }: DeletionStatusView): string {
  const networks = deletions.map(
    ({ network, status: state, percentComplete, failureReason }) =>
      `${networkName[network]} ${state} ${percentComplete} %${failureReason === null ? "" : ` (${failureReason})`}`,
  );
  return `${escapeText(`Deletion of CA set ${caSetId} "${caSetName}": ${[status, ...networks].join(", ")}`)}\n`;
}

const activityColumns: readonly Column<ActivityListView["activities"][number]>[] = [
  { title: "DATE", value: ({ activityDate }) => shortDate(activityDate) },
  { title: "WHAT", value: ({ type }) => type },
  { title: "NETWORK", value: ({ network }) => (network === null ? "-" : networkName[network]) },
  { title: "VERSION", value: ({ version }) => String(version ?? "-"), align: "right" },
  { title: "BY", value: ({ activityBy }) => activityBy },
];

const activationColumns: readonly Column<ActivationView>[] = [
  { title: "ID", value: ({ activationId }) => String(activationId), align: "right" },
  { title: "DATE", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "WHAT", value: ({ activationType }) => activationType.toLowerCase() },
  { title: "VERSION", value: ({ version }) => String(version), align: "right" },
  { title: "NETWORK", value: ({ network }) => networkName[network] },
  { title: "STATUS", value: ({ activationStatus }) => activationStatus },
  { title: "BY", value: ({ createdBy }) => createdBy },
  { title: "WHY", value: ({ failureReason }) => failureReason ?? "" },
];

export function renderActivationTable(activations: readonly ActivationView[]): string {
  return renderTable(activations, activationColumns, "It was never deployed.");
}

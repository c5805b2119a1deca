import type { HandshakeSummary, SeenClientList } from "@tcm/api-contract";
import type { Command } from "commander";
import { findCaSet } from "../client/find-ca-set.ts";
import { given } from "../client/given.ts";
import type { CommandContext } from "../command-context.ts";
import { networkName, networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { shortDate } from "../output/date.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type NetworkOptions = ServerOptions & { readonly network: NetworkWord; readonly anchor?: string };
type HandshakeOptions = NetworkOptions & { readonly since?: string; readonly until?: string; readonly bucket?: string };

/** What edges saw of a CA set: below `tcm sets`. */
export function addHandshakes(sets: Command, context: CommandContext): void {
  const add = (name: string, words: string): Command =>
    addServerOptions(sets.command(name).description(words))
      .argument("<name>", "CA set by name or id")
      .addOption(networkOption(["staging", "production"]).default("production"))
      .option("--anchor <sha256>", "of this CA alone");

  add("handshakes", "Shows how handshakes with a CA set ended: by CA, by reason, and when a CA was last used.")
    .option("--since <iso>", "from this date and time on, with its offset (default: 24 hours ago)")
    .option("--until <iso>", "up to this date and time")
    .option("--bucket <seconds>", "of the numbers over time: 300, 3600 or 86400")
    .action(async (name: string, options: HandshakeOptions) => {
      const client = clientOf(options, context);
      const { since: start, until: end, bucket, anchor, network } = options;
      const query = given({ network: networkOf(network), start, end, bucket, anchor });
      const body = await client.call("getHandshakes", { params: await findCaSet(client, name), query });
      print(context, options, body, () => renderHandshakes(body));
    });

  add("clients", "Lists the clients that a CA set let in, those seen last first, by the SHA-256 of their certificates.")
    .option("--limit <n>", "at most so many, up to 10000 (default: 1000)")
    .action(async (name: string, options: NetworkOptions & { readonly limit?: string }) => {
      const client = clientOf(options, context);
      const { anchor, limit, network } = options;
      const query = given({ network: networkOf(network), anchor, limit });
      const body = await client.call("listSeenClients", { params: await findCaSet(client, name), query });
      const nobody = `No client was let in on ${network} yet. --network names the other one.`;
      print(context, options, body, () => renderTable(body.clients, clientColumns, nobody));
    });
}

type Anchor = HandshakeSummary["anchors"][number];
type Refused = HandshakeSummary["refusals"][number];
type Bucket = HandshakeSummary["buckets"][number];

const anchorColumns: readonly Column<Anchor>[] = [
  { title: "CA", value: ({ subject }) => subject ?? "-" },
  { title: "SHA-256", value: ({ fingerprint }) => fingerprint.slice(0, 16) },
  { title: "ACTIVE", value: ({ isActive }) => (isActive ? "yes" : "no") },
  { title: "ACCEPTED", value: ({ accepted }) => String(accepted), align: "right" },
  { title: "CUT OFF", value: ({ removedAnchor }) => String(removedAnchor), align: "right" },
  { title: "LAST USED", value: ({ lastAcceptedDate }) => shortDate(lastAcceptedDate) },
];

const outcomeWord = {
  accepted: "accepted",
  refused: "refused",
  "removed-anchor": "cut off by a removal",
  failed: "failed",
} as const satisfies Record<Refused["outcome"], string>;

const refusalColumns: readonly Column<Refused>[] = [
  { title: "OUTCOME", value: ({ outcome }) => outcomeWord[outcome] },
  { title: "REASON", value: ({ reason }) => reason },
  { title: "VERSION", value: ({ version }) => String(version), align: "right" },
  { title: "TIMES", value: ({ count }) => String(count), align: "right" },
  { title: "LAST", value: ({ lastSeenDate }) => shortDate(lastSeenDate) },
];

const bucketColumns: readonly Column<Bucket>[] = [
  { title: "FROM", value: ({ startDate }) => shortDate(startDate) },
  { title: "ACCEPTED", value: ({ accepted }) => String(accepted), align: "right" },
  { title: "REFUSED", value: ({ refused }) => String(refused), align: "right" },
  { title: "CUT OFF", value: ({ removedAnchor }) => String(removedAnchor), align: "right" },
  { title: "FAILED", value: ({ failed }) => String(failed), align: "right" },
];

const clientColumns: readonly Column<SeenClientList["clients"][number]>[] = [
  { title: "SHA-256", value: ({ fingerprint }) => fingerprint },
  { title: "CA", value: ({ anchor, anchorSubject }) => anchorSubject ?? anchor.slice(0, 16) },
  { title: "EXPIRES", value: ({ expiryDate }) => shortDate(expiryDate) },
  { title: "LAST SEEN", value: ({ lastSeenDate }) => shortDate(lastSeenDate) },
];

function renderHandshakes(summary: HandshakeSummary): string {
  const { accepted, refused, removedAnchor, failed, network, startDate, endDate } = summary;
  const range = `${shortDate(startDate)} to ${shortDate(endDate)} UTC`;
  const totals = `${accepted} accepted, ${refused} refused, ${removedAnchor} cut off by a removal, ${failed} failed`;
  const notes = [
    summary.acceptedWithoutAnchor > 0 && `${summary.acceptedWithoutAnchor} accepted through a CA that is not known.`,
    summary.lost > 0 && `${summary.lost} seen by the nodes and in no count, for want of room.`,
  ].flatMap((note) => (note === false ? [] : [`${note}\n`]));
  return [
    `${networkName[network]}, ${range}: ${totals}.\n${notes.join("")}`,
    renderTable(summary.anchors, anchorColumns, "No CA is active there, and none was seen."),
    renderTable(summary.refusals, refusalColumns, "Nobody was refused."),
    renderTable(summary.buckets, bucketColumns, "No handshake then."),
  ].join("\n");
}

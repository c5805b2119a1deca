import type { UnixMillis } from "@tcm/core";
import type { Selectable } from "kysely";
import { recordAudit } from "../../audit/record-audit.ts";
import type { NodeSubject } from "../../keys/node-certificate.ts";
import type { EdgeNodesTable } from "../../store/node-tables.ts";
import { type Queries, type Store, transaction } from "../../store/store.ts";
import { type Clock, timestamp } from "../actor.ts";
import { recordEvent } from "../history/record-event.ts";

/** A certificate of a node: its SHA-256, and its end. */
export type IssuedCertificate = { readonly fingerprint: string; readonly notAfter: UnixMillis };

export type Renewal = {
  readonly node: NodeSubject;
  /** What the node shows. */
  readonly shown: IssuedCertificate;
  /** What it is to get, made already. */
  readonly next: IssuedCertificate;
  readonly address: string;
};

export type RenewalOutcome = "renewed" | "node-unknown" | "certificate-superseded";

/**
 * Whether the node may have a certificate that was made for it. Certificates of a node are one chain: only who shows its newest goes
 * on with it, or who shows the one before and has never shown the newest, since an answer may get lost. A certificate from further
 * back is in other hands, or the newest one is: that is refused, and said. On the record with the address in either case.
 */
export async function renewNode(store: Store, clock: Clock, renewal: Renewal): Promise<RenewalOutcome> {
  return transaction(store, async (queries) => {
    const { node, shown, next, address } = renewal;
    const row = await queries
      .selectFrom("edge_nodes")
      .selectAll()
      .where("id", "=", node.nodeId)
      .where("network", "=", node.network)
      .where("enrolment_id", "=", node.enrolmentId)
      .executeTakeFirst();
    if (row === undefined) return "node-unknown";
    const at = timestamp(clock());
    const place = placeOf(row, shown);
    await record(queries, { node, address, at, notAfter: next.notAfter, isRefused: place === "superseded" });
    if (place === "superseded") return "certificate-superseded";
    await queries
      .updateTable("edge_nodes")
      .set({ certificate_not_after: timestamp(next.notAfter) })
      .set({ newest_certificate: next.fingerprint, newest_not_after: timestamp(next.notAfter) })
      .set({ certificate_before: shown.fingerprint, newest_shown_at: null })
      .set({ latest_not_after: laterOf(latestEnd(row), timestamp(next.notAfter)) })
      .where("id", "=", node.nodeId)
      .execute();
    return "renewed";
  });
}

type Known = Pick<
  Selectable<EdgeNodesTable>,
  | "newest_certificate"
  | "newest_not_after"
  | "certificate_before"
  | "newest_shown_at"
  | "certificate_not_after"
  | "latest_not_after"
>;

/** Where the certificate stands among those of its enrolment. */
function placeOf(known: Known, { fingerprint, notAfter }: IssuedCertificate): "newest" | "before" | "superseded" {
  // The first of an enrolment, or one from before there was a record of it.
  if (known.newest_certificate === null || known.newest_certificate === fingerprint) return "newest";
  if (known.certificate_before === fingerprint && known.newest_shown_at === null) return "before";
  if (isOfOlderProgram(known, notAfter)) return "newest";
  // Later than any that was given on this record: the store was restored from before it was made.
  return timestamp(notAfter) > latestEnd(known) ? "newest" : "superseded";
}

/** The newest does not end last where it was made after one by a clock that was ahead. */
function latestEnd({ latest_not_after, certificate_not_after }: Known): string {
  return laterOf(latest_not_after ?? "", certificate_not_after ?? "");
}

function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

/**
 * While control planes are replaced one after the other, or the version before is gone back to: that one renews too, and notes the end
 * of what it gave and nothing else. Certificates have whole seconds.
 */
function isOfOlderProgram({ newest_not_after, certificate_not_after }: Known, notAfter: UnixMillis): boolean {
  if (certificate_not_after === null || certificate_not_after === newest_not_after) return false;
  return Math.floor(Date.parse(certificate_not_after) / 1_000) === Math.floor(notAfter / 1_000);
}

/** Within the transaction of a hello: from now on the one before opens nothing new. */
export async function noteShownCertificate(
  queries: Queries,
  nodeId: string,
  fingerprint: string | undefined,
  at: string,
): Promise<void> {
  if (fingerprint === undefined) return;
  await queries
    .updateTable("edge_nodes")
    .set({ newest_shown_at: at })
    .where("id", "=", nodeId)
    .where("newest_certificate", "=", fingerprint)
    .where("newest_shown_at", "is", null)
    .execute();
}

type RenewalRecord = Pick<Renewal, "node" | "address"> & {
  readonly at: string;
  readonly notAfter: UnixMillis;
  readonly isRefused: boolean;
};

async function record(queries: Queries, { node, address, at, notAfter, isRefused }: RenewalRecord): Promise<void> {
  const { nodeId, network } = node;
  const by = `node ${nodeId}`;
  if (!isRefused) {
    const subject = { nodeId, network, address, notAfter: timestamp(notAfter) };
    return recordAudit(queries, { at, by, action: "RENEW_NODE_CERTIFICATE", subject });
  }
  await recordEvent(queries, { type: "edge-node", nodeId, network, change: "identity-shared" }, at);
  await recordAudit(queries, {
    at,
    by,
    action: "REFUSE_NODE_RENEWAL",
    outcome: "certificate-superseded",
    subject: { nodeId, network, address },
  });
}

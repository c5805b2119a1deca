import type { HandshakeKind } from "@tcm/api-contract";
import { edgePathLimits, formatName, formatSerialNumber, type UnixSeconds } from "@tcm/core";
import type { TLSSocket } from "node:tls";
import type { RefusalJudge } from "../handshakes/refusal-judge.ts";
import type { RemovedAnchors } from "../handshakes/removed-anchors.ts";
import type { BuiltInEdgeOptions } from "./built-in-edge-options.ts";
import { ClientConnection } from "./client-connection.ts";
import type { ClientVerdict } from "../served/client-verdict.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import { type LogFields, logText } from "./edge-log.ts";
import type { HandshakeCounters } from "./handshake-counters.ts";
import type { IssuerMemory } from "../served/issuer-memory.ts";
import { type PresentedChain, peerCertificates, readPresented } from "../served/presented-chain.ts";
import type { ServedState } from "../served/served-state.ts";
import { findSite, type Site } from "../served/site.ts";

export type Reception = {
  readonly options: Pick<BuiltInEdgeOptions, "crypto" | "log" | "onHandshake">;
  readonly state: ServedState;
  readonly time: UnixSeconds;
  readonly issuers: IssuerMemory;
  readonly connections: ConnectionRegistry;
  readonly counters: HandshakeCounters;
  readonly removed: RemovedAnchors;
  readonly judge: RefusalJudge;
};

/** A handshake is over and the client has proved its key: decides about it, counts it, and remembers what it presented. */
export function receiveClient(socket: TLSSocket, reception: Reception): void {
  const { options, state, time, issuers, connections, counters } = reception;
  const serverName = (socket.servername || "").toLowerCase();
  const site = findSite(state, serverName);
  // The name was withdrawn while the handshake ran.
  if (site === undefined) return void socket.destroy();
  const read = () => readPresented(peerCertificates(socket, edgePathLimits.presented + 1), options.crypto, issuers);
  const presented = read();
  const connection = new ClientConnection(socket, serverName, presented, read);
  connections.add(socket, connection);
  connection.isWelcome(site, time, options.crypto);
  const verdict = connection.verdictAt(site, time, options.crypto);
  counters.count(handshakeKind(site, verdict));
  tell(site, presented, verdict, reception);
  if (verdict.accepted && presented.kind === "certificates") issuers.keepClient(presented.certificates[0]);
  if (!verdict.accepted)
    options.log("warn", refusalMessages[site.mode], refusalFields(connection, presented, site, verdict));
  // OpenSSL holds it decoded, 1.5 MB a connection: it is not kept open for an answer.
  if (presented.kind === "too-large" && site.mode === "deny") socket.destroy();
}

const refusalMessages = {
  deny: "client refused",
  observe: "client would be refused, let through because the hostname only observes",
} as const satisfies Record<Site["mode"], string>;

function handshakeKind({ caSetId, set }: Site, verdict: ClientVerdict) {
  const version = set?.caSet.version ?? 0;
  return verdict.accepted
    ? ({ caSetId, version, anchor: verdict.path.anchor.fingerprint, outcome: "accepted", reason: "" } as const)
    : ({ caSetId, version, anchor: "", outcome: "refused", reason: verdict.code } as const);
}

function tell(site: Site, presented: PresentedChain, verdict: ClientVerdict, reception: Reception): void {
  const { options, removed, judge, time: at } = reception;
  if (options.onHandshake === undefined) return;
  const { caSetId, set } = site;
  const change = removed.of(caSetId);
  const about = {
    caSetId,
    version: set?.caSet.version ?? 0,
    generation: change?.generation ?? { epoch: 0, number: 0 },
  };
  const chain = presented.kind === "certificates" ? presented.certificates : undefined;
  if (verdict.accepted) {
    const kind: HandshakeKind = { ...about, anchor: verdict.path.anchor.fingerprint, outcome: "accepted", reason: "" };
    return options.onHandshake({ kind, at, client: chain?.[0] });
  }
  const judgement = chain === undefined ? undefined : judge.judge(chain, change, at);
  const reason = verdict.code;
  if (judgement?.kind === "cut-off") {
    const { anchor } = judgement;
    return options.onHandshake({
      kind: { ...about, anchor, outcome: "removed-anchor", reason },
      at,
      client: chain?.[0],
    });
  }
  const kind: HandshakeKind = { ...about, anchor: "", outcome: "refused", reason };
  const notJudged = judgement?.kind === "not-judged" && { client: chain?.[0], isNotJudged: true };
  options.onHandshake({ kind, at, ...notJudged });
}

function refusalFields(
  connection: ClientConnection,
  presented: PresentedChain,
  site: Site,
  { code, detail }: Extract<ClientVerdict, { accepted: false }>,
): LogFields {
  return {
    hostname: logText(connection.serverName),
    caSetId: site.caSetId,
    version: site.set?.caSet.version ?? 0,
    code,
    ...(detail !== "" && { detail: logText(detail) }),
    remoteAddress: logText(connection.remoteAddress),
    ...presentedFields(presented),
  };
}

function presentedFields(presented: PresentedChain): LogFields {
  if (presented.kind !== "certificates") return {};
  const [leaf] = presented.certificates;
  return {
    subject: logText(formatName(leaf.subject)),
    issuer: logText(formatName(leaf.issuer)),
    serialNumber: logText(formatSerialNumber(leaf)),
    fingerprint: leaf.fingerprint,
  };
}

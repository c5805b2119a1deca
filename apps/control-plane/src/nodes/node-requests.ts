import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { caNamesHeader, cutOffHeader, handshakesHeader, type NodeRefusal, readCaNames } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";
import type { SaidOfItself } from "../operations/activations/record-reports.ts";
import { refuse, refuseNode } from "./answer-node.ts";
import { type AuthenticatePeer, peerAuthentication } from "./authenticate-peer.ts";
import { answerCertificates } from "./certificates-endpoint.ts";
import { type Enrolments, openEnrolments, openRenewals, type Renewals } from "./enrolment-endpoint.ts";
import type { Connections } from "./node-connections.ts";
import type { ConnectedNode } from "./node-peer.ts";
import type { NodeServerOptions } from "./node-server.ts";
import { NodeSession, type SessionEvents } from "./node-session.ts";
import { NodeStream } from "./node-stream.ts";

const helloTimeoutMs = 10_000;

export type RequestHeaders = IncomingHttpHeaders & {
  readonly ":path"?: string | undefined;
  readonly ":method"?: string | undefined;
};

export type RequestParts = {
  readonly events: SessionEvents;
  readonly connections: Connections;
  /** Where new nodes are told to come. */
  readonly urls: () => readonly string[];
};

/** Answers what is asked on a stream: to join by anybody, all else by nodes that are good now. */
export class NodeRequests {
  readonly #options: NodeServerOptions;
  readonly #events: SessionEvents;
  readonly #connections: Connections;
  readonly #enrolments: Enrolments;
  readonly #renewals: Renewals;
  readonly #authenticate: AuthenticatePeer;

  constructor(options: NodeServerOptions, { events, connections, urls }: RequestParts) {
    this.#options = options;
    this.#events = events;
    this.#connections = connections;
    this.#enrolments = openEnrolments(options, urls);
    this.#renewals = openRenewals(options);
    this.#authenticate = peerAuthentication(options);
  }

  async answer(stream: ServerHttp2Stream, headers: RequestHeaders): Promise<void> {
    const { ":path": path, ":method": method } = headers;
    if (path === "/node/v1/enrolment" && method === "POST") return this.#enrolments.answer(stream);
    const node = await this.#authenticate(this.#connections.peerOf(connectionOf(stream)));
    if (stream.destroyed) return;
    if (typeof node === "string") return this.#turnAway(stream, node);
    if (method !== "POST") return refuse(stream, 405);
    return this.#answerNode(stream, node, headers);
  }

  async #answerNode(stream: ServerHttp2Stream, node: ConnectedNode, headers: RequestHeaders): Promise<void> {
    const { context, manifest } = this.#options;
    switch (headers[":path"]) {
      case "/node/v1/session":
        return this.#openSession(stream, { ...node, ...saidOfItself(headers) });
      case "/node/v1/certificates":
        return answerCertificates(stream, node, context.store, manifest);
      case "/node/v1/renewal":
        return this.#renewals.answer(stream, node);
      default:
        return refuse(stream, 404);
    }
  }

  #openSession(stream: ServerHttp2Stream, node: ConnectedNode & SaidOfItself): void {
    const protocol = { "content-type": "application/x-ndjson", [handshakesHeader]: "1", [cutOffHeader]: "1" };
    stream.respond({ ":status": 200, ...protocol });
    new NodeSession({ ...this.#options, node, stream: new NodeStream(stream), helloTimeoutMs }, this.#events).start();
  }

  /** It gets its answer, and a new connection if it wants to ask again. */
  #turnAway(stream: ServerHttp2Stream, code: NodeRefusal["code"]): void {
    const connection = connectionOf(stream);
    refuseNode(stream, code);
    if (connection === undefined) return;
    this.#connections.estrange(connection, code);
    connection.close();
  }
}

function connectionOf({ session }: ServerHttp2Stream): ServerHttp2Session | undefined {
  return session as ServerHttp2Session | undefined;
}

function saidOfItself(headers: RequestHeaders): SaidOfItself {
  return { clockSkewSeconds: clockSkew(headers), sendsCaNames: readCaNames(headers[caNamesHeader]) };
}

/** How far the node's clock is ahead, by the date that it says; null: it does not say. In real time, as the node's is. */
function clockSkew({ date }: RequestHeaders): number | null {
  const at: UnixMillis = Date.parse(date ?? "");
  return Number.isNaN(at) ? null : Math.round((at - Date.now()) / 1_000);
}

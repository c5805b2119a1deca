import type { UnixSeconds } from "@tcm/core";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Admission, admitRequest } from "./admit-request.ts";
import type { BuiltInEdgeOptions } from "./built-in-edge-options.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { ClientVerdict } from "../served/client-verdict.ts";
import { answerClient } from "./own-answer.ts";
import { answerProblem } from "./problem-answer.ts";
import type { ReverseProxy } from "./reverse-proxy.ts";
import type { ServedState } from "../served/served-state.ts";
import type { Site } from "../served/site.ts";
import { upstreamFields } from "./upstream-fields.ts";
import { findUpstream } from "./upstream-origin.ts";

export type Serving = {
  readonly options: Pick<BuiltInEdgeOptions, "network" | "crypto" | "upstreams">;
  readonly state: ServedState;
  readonly time: UnixSeconds;
  readonly connection: ClientConnection;
  readonly proxy: ReverseProxy;
};

/** One request, by what is served at this moment: the handshake may be hours old. */
export function serveRequest(request: IncomingMessage, response: ServerResponse, serving: Serving): void {
  const { options, state, time, connection } = serving;
  // A client that has just gone is no fault; without a listener it would be the process's.
  response.on("error", () => undefined);
  // Requests are read before the answers to those before them are given.
  if (connection.hasSaidLast) return;
  if (!connection.begin(response)) return void request.socket.destroy();
  const site = connection.siteIn(state);
  const isWelcome = connection.isWelcome(site, time, options.crypto);
  const verdict = site && connection.verdictAt(site, time, options.crypto);
  const admission = admitRequest(request, connection.serverName, site, verdict);
  if (!admission.ok) {
    connection.sayLast();
    return answerProblem(response, admission.problem);
  }
  if (!isWelcome || site === undefined || verdict === undefined) return void request.socket.destroy();
  // Only now: whoever is refused need not send its body.
  if (request.headers.expect !== undefined) response.writeContinue();
  dispatch(request, response, serving, { site, verdict, admission });
}

type Admitted = {
  readonly site: Site;
  readonly verdict: ClientVerdict;
  readonly admission: Extract<Admission, { ok: true }>;
};

function dispatch(request: IncomingMessage, response: ServerResponse, serving: Serving, admitted: Admitted): void {
  const { options, connection, proxy } = serving;
  const { site, verdict, admission } = admitted;
  const { serverName: hostname, presented } = connection;
  const upstream = site.trial ? undefined : findUpstream(options.upstreams, hostname);
  if (upstream === undefined) {
    request.resume();
    return answerClient(response, { network: options.network, hostname, site, presented, verdict });
  }
  const { authority, path } = admission;
  const { remoteAddress } = connection;
  const fields = upstreamFields({ rawHeaders: request.rawHeaders, authority, remoteAddress, site, verdict });
  proxy.forward(request, response, { upstream, path, fields });
}
